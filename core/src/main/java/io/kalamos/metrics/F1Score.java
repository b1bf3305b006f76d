package io.kalamos.metrics;

import io.kalamos.engine.Node;
import io.kalamos.engine.Tensor;
import io.kalamos.options.Vary;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;

/// The harmonic mean of precision and recall of each class, for one-hot targets (batch, classes).
/// Keras class `F1Score`.
///
/// @param threshold above which a prediction says yes; without it the greatest one does
public record F1Score(String name, Average average, Optional<Double> threshold)
    implements KerasMetric<F1Score> {
  public F1Score {
    Objects.requireNonNull(name);
    Objects.requireNonNull(average);
    FScores.check("F1Score", threshold);
  }

  public static F1Score of() {
    return new F1Score("f1_score", Average.NONE, Optional.empty());
  }

  public F1Score average(Average average) {
    return Vary.of(this, "average", average);
  }

  public F1Score threshold(double threshold) {
    return Vary.of(this, "threshold", Optional.of(threshold));
  }

  @Override
  public boolean single() {
    return average != Average.NONE;
  }

  @Override
  public SequencedMap<String, Node> update(Node target, Node prediction, Optional<Node> weight) {
    return FScores.update(name, threshold, target, prediction, weight);
  }

  @Override
  public Tensor result(Map<String, Tensor> totals) {
    return FScores.result(average, 1, totals);
  }
}
