package io.kalamos.metrics;

import io.kalamos.engine.Node;
import io.kalamos.engine.Shape;

/// Keras's `accuracy`: the shapes tell which.
record AutomaticAccuracy(String name) implements MeanMetric {
  @Override
  public Node values(Node target, Node prediction) {
    return resolved(target.shape(), prediction.shape()).values(target, prediction);
  }

  /// Binary for one output, sparse for targets with fewer axes or a last axis of size 1, else
  /// categorical.
  MeanMetric resolved(Shape target, Shape prediction) {
    if (prediction.rank() < 2 || prediction.dim(-1) == 1) {
      return BinaryAccuracy.of().named(name);
    }
    return target.rank() < prediction.rank() || target.dim(-1) == 1
        ? SparseCategoricalAccuracy.of().named(name)
        : CategoricalAccuracy.of().named(name);
  }
}
