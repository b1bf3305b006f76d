package io.kalamos.losses;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;

/// -log(prediction of the right class) for targets that are class indices, (batch) or (batch, 1).
///
/// @param fromLogits whether predictions are the inputs of a softmax that the model leaves out
public record SparseCategoricalCrossentropy(boolean fromLogits) implements Loss {
  public static SparseCategoricalCrossentropy of() {
    return new SparseCategoricalCrossentropy(false);
  }

  public SparseCategoricalCrossentropy fromLogits(boolean fromLogits) {
    return new SparseCategoricalCrossentropy(fromLogits);
  }

  @Override
  public String name() {
    return "sparse_categorical_crossentropy";
  }

  @Override
  public TargetKind target() {
    return TargetKind.CLASS_INDEX;
  }

  @Override
  public Node call(Node target, Node prediction) {
    Node logs = LogProbabilities.of(prediction, fromLogits);
    Node indices = Operands.indices(name(), target, logs);
    Node hit = oneHot(indices, logs.shape().dim(-1), logs.dtype());
    return Operands.withoutLast(neg(sumLast(multiply(hit, logs))));
  }
}
