package io.kalamos.layers;

import io.kalamos.constraints.Constraint;
import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.initializers.Initializer;
import io.kalamos.initializers.RandomUniform;
import io.kalamos.options.Vary;
import io.kalamos.regularizers.Regularizer;
import java.util.Optional;

/// A vector for each whole number from 0 to below `inputDim`: (batch, ...) becomes (batch, ...,
/// outputDim).
///
/// With `maskZero` steps of number 0 do not count in the layers behind. Weights: embeddings
/// (inputDim, outputDim). Keras class `Embedding`.
public record Embedding(
    Optional<String> name,
    int inputDim,
    int outputDim,
    WeightOptions embeddings,
    Optional<Regularizer> activityRegularizer,
    boolean maskZero)
    implements Layer {
  public Embedding {
    name.ifPresent(n -> Options.name("Embedding", n));
    Options.positive("Embedding", "inputDim", inputDim);
    Options.positive("Embedding", "outputDim", outputDim);
  }

  public static Embedding of(int inputDim, int outputDim) {
    return new Embedding(
        Optional.empty(),
        inputDim,
        outputDim,
        WeightOptions.of(RandomUniform.of()),
        Optional.empty(),
        false);
  }

  @Override
  public Embedding named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public Embedding embeddingsInitializer(Initializer initializer) {
    return Vary.of(this, "embeddings", embeddings.initializer(initializer));
  }

  public Embedding embeddingsRegularizer(Regularizer regularizer) {
    return Vary.of(this, "embeddings", embeddings.regularizer(regularizer));
  }

  public Embedding embeddingsConstraint(Constraint constraint) {
    return Vary.of(this, "embeddings", embeddings.constraint(constraint));
  }

  /// A price for large results.
  public Embedding activityRegularizer(Regularizer regularizer) {
    return Vary.of(this, "activityRegularizer", Optional.of(regularizer));
  }

  /// Whether 0 stands for a step that does not count.
  public Embedding maskZero(boolean maskZero) {
    return Vary.of(this, "maskZero", maskZero);
  }

  @Override
  public Node call(Call call, Node x) {
    Node table = call.weight("embeddings", Shape.of(inputDim, outputDim), embeddings);
    Node indices = Ops.cast(x, DType.INT32);
    if (maskZero) {
      call.mask(Ops.cast(Ops.notEqual(indices, Ops.like(indices, 0)), DType.FLOAT32));
    }
    return call.regularized(Ops.gather(table, indices), activityRegularizer);
  }
}
