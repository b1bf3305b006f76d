package io.kalamos.metrics;

import io.kalamos.engine.Node;
import io.kalamos.engine.Tensor;
import io.kalamos.losses.Loss;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BinaryOperator;

/// A figure shown beside the loss, computed over batches: each batch adds to named accumulators,
/// and the figure is made of what they hold in the end.
///
/// An own metric that is a mean is `Metric.mean("name", (target, prediction) -> ...)`.
public interface Metric {
  /// The name in logs, such as `accuracy`.
  String name();

  /// What one batch adds to each accumulator: small nodes, float32 or float64, of shapes that do
  /// not depend on the batch. Keras's `update_state`.
  ///
  /// @param weight of each sample, (batch), or of each place of a sample; 0 for masked ones
  SequencedMap<String, Node> update(Node target, Node prediction, Optional<Node> weight);

  /// The figure, float64, from what all batches added, by the accumulators' names.
  Tensor result(Map<String, Tensor> totals);

  /// Whether the figure is a single number, which logs show.
  default boolean single() {
    return true;
  }

  /// The figure for these, without any model.
  default Tensor compute(Tensor target, Tensor prediction) {
    MetricState state = MetricState.of(this);
    state.update(target, prediction);
    return state.result();
  }

  /// A loss as a metric: its mean over the samples.
  static Metric of(Loss loss) {
    return new LossMetric(loss);
  }

  /// The mean of a function's values, one for each sample or each place of a sample.
  static Metric mean(String name, BinaryOperator<Node> values) {
    return new MeanOfFunction(name, values);
  }
}
