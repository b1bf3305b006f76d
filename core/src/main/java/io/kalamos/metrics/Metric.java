package io.kalamos.metrics;

import io.kalamos.engine.Node;
import io.kalamos.losses.Loss;

/// A figure shown beside the loss: the sum of all batches' sums over the sum of their counts.
public interface Metric {
  /// The name in logs, such as `accuracy`.
  String name();

  /// Sum and count over one batch, float32 or float64.
  Total total(Node target, Node prediction);

  /// A loss as a metric: its mean over the samples.
  static Metric of(Loss loss) {
    return new LossMetric(loss);
  }
}
