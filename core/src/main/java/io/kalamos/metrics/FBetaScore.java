package io.kalamos.metrics;

import io.kalamos.engine.Node;
import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;

/// The mean of precision and recall of each class in which recall counts `beta` times as much, for
/// one-hot targets (batch, classes). Keras class `FBetaScore`.
///
/// @param beta above 0
/// @param threshold above which a prediction says yes; without it the greatest one does
public record FBetaScore(String name, Average average, double beta, Optional<Double> threshold)
    implements KerasMetric<FBetaScore> {
  public FBetaScore {
    Objects.requireNonNull(name);
    Objects.requireNonNull(average);
    Refusal.unlessPositive("FBetaScore", "beta", beta, "Keras's default is 1.");
    FScores.check("FBetaScore", threshold);
  }

  public static FBetaScore of() {
    return new FBetaScore("fbeta_score", Average.NONE, 1, Optional.empty());
  }

  public FBetaScore average(Average average) {
    return Vary.of(this, "average", average);
  }

  public FBetaScore beta(double beta) {
    return Vary.of(this, "beta", beta);
  }

  public FBetaScore threshold(double threshold) {
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
    return FScores.result(average, beta, totals);
  }
}
