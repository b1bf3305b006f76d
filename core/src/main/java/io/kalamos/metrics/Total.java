package io.kalamos.metrics;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;

/// A metric over one batch: two single numbers, whose sums over all batches are divided.
public record Total(Node sum, Node count) {
  /// Each of these values counts once.
  public static Total of(Node values) {
    return new Total(Ops.sumAll(values), Ops.like(values, values.shape().size()));
  }
}
