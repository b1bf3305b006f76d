package io.kalamos.layers;

import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.options.Vary;
import java.util.Optional;

/// Whole numbers from 0 to numTokens - 1 as vectors of zeros and ones, or of counts: (batch, n)
/// becomes (batch, numTokens), for ONE_HOT (batch, ..., numTokens). With COUNT a second input
/// weighs each number.
///
/// Numbers outside of the range leave no trace. Keras class `CategoryEncoding`.
public record CategoryEncoding(Optional<String> name, int numTokens, OutputMode outputMode)
    implements Layer {
  public CategoryEncoding {
    name.ifPresent(n -> Options.name("CategoryEncoding", n));
    Options.positive("CategoryEncoding", "numTokens", numTokens);
  }

  public static CategoryEncoding of(int numTokens) {
    return new CategoryEncoding(Optional.empty(), numTokens, OutputMode.MULTI_HOT);
  }

  @Override
  public CategoryEncoding named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public CategoryEncoding outputMode(OutputMode outputMode) {
    return Vary.of(this, "outputMode", outputMode);
  }

  @Override
  public boolean takesSeveral() {
    return true;
  }

  @Override
  public Node call(Call call, Node x) {
    Shape shape = x.shape();
    Optional<Node> weights =
        call.inputs().size() > 1 ? Optional.of(call.inputs().get(1)) : Optional.empty();
    if (weights.isPresent() && (outputMode != OutputMode.COUNT || call.inputs().size() > 2)) {
      throw call.rejects(
          "a second input, the weights, for outputMode=COUNT only",
          weights.get().shape(),
          "Leave it out, or count.");
    }
    DType type = call.variableType();
    if (outputMode == OutputMode.ONE_HOT) {
      Shape indices = shape.rank() > 1 && shape.dim(-1) == 1 ? shape : shape.append(1);
      return Ops.cast(Ops.oneHot(Ops.reshape(x, indices), numTokens, type), call.computeType());
    }
    if (shape.rank() != 2) {
      throw call.rejects("(batch, n)", shape, "Flatten the samples, or use outputMode(ONE_HOT).");
    }
    Node each = Ops.oneHot(Ops.reshape(x, shape.append(1)), numTokens, type);
    if (weights.isPresent()) {
      each = Ops.multiply(each, Ops.reshape(Ops.cast(weights.get(), type), shape.append(1)));
    }
    Node joined = outputMode == OutputMode.COUNT ? Ops.sum(each, 1) : Ops.max(each, 1);
    return Ops.cast(Ops.reshape(joined, Shape.of(shape.dim(0), numTokens)), call.computeType());
  }
}
