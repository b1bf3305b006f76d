package io.kalamos.metrics;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.losses.SampleWeights;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;

/// A metric that is the mean of values, weighted where samples are; 0 where nothing has weight.
/// Keras's `MeanMetricWrapper`.
public interface MeanMetric extends Metric {
  /// A value for each sample or each place of a sample.
  Node values(Node target, Node prediction);

  /// Which of the values count, 1 or 0 for each, where some do not.
  default Optional<Node> counted(Node target, Node values) {
    return Optional.empty();
  }

  @Override
  default SequencedMap<String, Node> update(Node target, Node prediction, Optional<Node> weight) {
    Node values = values(target, prediction);
    Optional<Node> given = SampleWeights.masked(weight, counted(target, values));
    if (given.isEmpty()) {
      return sums(sumAll(values), like(values, values.shape().size()));
    }
    Node means = reduced(values, given.get().shape());
    Node weights = SampleWeights.fitting(given.get(), means);
    Node all = broadcastTo(weights, means.shape());
    return sums(sumAll(multiply(means, weights)), sumAll(all));
  }

  @Override
  default Tensor result(Map<String, Tensor> totals) {
    double count = totals.get("count").get(0);
    return Results.number(count == 0 ? 0 : totals.get("sum").get(0) / count);
  }

  private static SequencedMap<String, Node> sums(Node sum, Node count) {
    SequencedMap<String, Node> sums = new LinkedHashMap<>();
    sums.put("sum", sum);
    sums.put("count", count);
    return sums;
  }

  /// The mean over the axes that weights do not have.
  private static Node reduced(Node values, Shape weights) {
    int rank = values.shape().rank();
    int kept = Math.max(1, weights.rank());
    if (rank <= kept) {
      return values;
    }
    Integer[] rest = IntStream.range(kept, rank).boxed().toArray(Integer[]::new);
    return reshape(mean(values, rest), values.shape().slice(0, kept));
  }
}
