package io.kalamos.metrics;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.RowSoftmax;
import io.kalamos.losses.Operands;
import java.util.Objects;

/// How often the greatest prediction is that of the target, for class indices of shape (batch) or
/// (batch, 1). Keras class `SparseCategoricalAccuracy`.
public record SparseCategoricalAccuracy(String name)
    implements MeanMetric, KerasMetric<SparseCategoricalAccuracy> {
  public SparseCategoricalAccuracy {
    Objects.requireNonNull(name);
  }

  public static SparseCategoricalAccuracy of() {
    return new SparseCategoricalAccuracy("sparse_categorical_accuracy");
  }

  @Override
  public Node values(Node target, Node prediction) {
    Node guess = guess(prediction);
    Node expected = Operands.indices(name, target, Operands.wide(prediction));
    return equal(cast(expected, DType.FLOAT32), guess);
  }

  /// The predicted class; where the prediction is a softmax its logits tell as well, so that a
  /// training step need not compute the softmax.
  static Node guess(Node prediction) {
    Node scores = Operands.below(new RowSoftmax(), prediction).orElse(prediction);
    return cast(argMax(scores), DType.FLOAT32);
  }
}
