package io.kalamos.metrics;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.ShapeException;
import java.util.Objects;

/// How often the greatest prediction is that of the greatest target, for one-hot targets. Keras
/// class `CategoricalAccuracy`.
public record CategoricalAccuracy(String name)
    implements MeanMetric, KerasMetric<CategoricalAccuracy> {
  public CategoricalAccuracy {
    Objects.requireNonNull(name);
  }

  public static CategoricalAccuracy of() {
    return new CategoricalAccuracy("categorical_accuracy");
  }

  @Override
  public Node values(Node target, Node prediction) {
    if (!target.shape().equals(prediction.shape())) {
      throw new ShapeException(
          name
              + ": expected one-hot targets of the predictions' shape "
              + prediction.shape()
              + ", received target="
              + target.dtype()
              + target.shape()
              + ". For class indices use sparse_categorical_accuracy.");
    }
    Node expected = cast(argMax(target), DType.FLOAT32);
    return equal(expected, SparseCategoricalAccuracy.guess(prediction));
  }
}
