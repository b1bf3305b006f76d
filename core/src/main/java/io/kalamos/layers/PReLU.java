package io.kalamos.layers;

import io.kalamos.constraints.Constraint;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.initializers.Initializer;
import io.kalamos.initializers.Zeros;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import io.kalamos.regularizers.Regularizer;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// max(x, 0) + alpha · min(x, 0) with an alpha that trains.
///
/// Weights: alpha (shape of a sample, with 1 for shared axes). Keras class `PReLU`; He et al.,
/// Delving Deep into Rectifiers, 2015.
///
/// @param sharedAxes along which there is one alpha for all, counted with the batch as axis 0: 1
///   and 2 give one for each channel of pictures
public record PReLU(Optional<String> name, WeightOptions alpha, List<Integer> sharedAxes)
    implements Layer {
  public PReLU {
    name.ifPresent(n -> Options.name("PReLU", n));
    sharedAxes = List.copyOf(sharedAxes);
    for (int axis : sharedAxes) {
      if (axis < 1) {
        throw Refusal.of(
            "PReLU",
            "axes behind the batch, from 1 on",
            "sharedAxes",
            sharedAxes,
            "For pictures 1 and 2 give one alpha for each channel.");
      }
    }
  }

  public static PReLU of() {
    return new PReLU(Optional.empty(), WeightOptions.of(Zeros.of()), List.of());
  }

  @Override
  public PReLU named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public PReLU alphaInitializer(Initializer initializer) {
    return Vary.of(this, "alpha", alpha.initializer(initializer));
  }

  public PReLU alphaRegularizer(Regularizer regularizer) {
    return Vary.of(this, "alpha", alpha.regularizer(regularizer));
  }

  public PReLU alphaConstraint(Constraint constraint) {
    return Vary.of(this, "alpha", alpha.constraint(constraint));
  }

  public PReLU sharedAxes(int... sharedAxes) {
    return Vary.of(this, "sharedAxes", IntStream.of(sharedAxes).boxed().toList());
  }

  @Override
  public boolean passesMask() {
    return true;
  }

  @Override
  public Node call(Call call, Node x) {
    Shape sample = x.shape().slice(1, x.shape().rank());
    for (int axis : sharedAxes) {
      if (axis > sample.rank()) {
        throw call.rejects(
            "an input with the sharedAxes=" + sharedAxes, x.shape(), "Choose axes that exist.");
      }
      sample = sample.with(axis - 1, 1);
    }
    Node slope = call.weight("alpha", sample, alpha);
    return Ops.subtract(Ops.relu(x), Ops.multiply(slope, Ops.relu(Ops.neg(x))));
  }
}
