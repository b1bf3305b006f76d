package io.kalamos.metrics;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.losses.Operands;
import io.kalamos.losses.SampleWeights;
import io.kalamos.options.Refusal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// What [FBetaScore] and [F1Score] share: counts for each class, and scores from them.
final class FScores {
  private static final double EPSILON = 1e-7;

  private FScores() {}

  static void check(String where, Optional<Double> threshold) {
    if (threshold.isPresent() && !(threshold.get() > 0 && threshold.get() <= 1)) {
      throw Refusal.of(
          where,
          "threshold above 0, at most 1",
          "threshold",
          threshold.get(),
          "Leave it out where the greatest prediction is the answer.");
    }
  }

  static SequencedMap<String, Node> update(
      String where,
      Optional<Double> threshold,
      Node target,
      Node prediction,
      Optional<Node> weight) {
    Node scores = Operands.wide(prediction);
    if (scores.shape().rank() != 2) {
      throw Refusal.of(
          where,
          "predictions of shape (batch, classes)",
          "shape",
          scores.shape(),
          "Use Precision and Recall for other shapes.");
    }
    Node truth = Operands.same(where, target, scores);
    Node said =
        threshold
            .map(bound -> greater(scores, bound))
            .orElseGet(() -> multiply(equal(scores, maxLast(scores)), greater(abs(scores), 1e-9)));
    SequencedMap<String, Node> counts = new LinkedHashMap<>();
    counts.put("true_positives", multiply(said, truth));
    counts.put("false_positives", multiply(said, subtract(1, truth)));
    counts.put("false_negatives", multiply(subtract(1, said), truth));
    counts.replaceAll(
        (_, each) -> {
          Node weighed =
              weight.map(w -> multiply(each, SampleWeights.fitting(w, each))).orElse(each);
          return reshape(sum(weighed, 0), Shape.of(scores.shape().dim(1)));
        });
    return counts;
  }

  static Tensor result(Average average, double beta, Map<String, Tensor> totals) {
    double[] hits = totals.get("true_positives").toDoubles();
    double[] extra = totals.get("false_positives").toDoubles();
    double[] missed = totals.get("false_negatives").toDoubles();
    if (average == Average.MICRO) {
      double all = Arrays.stream(hits).sum();
      return Results.number(
          score(beta, all, Arrays.stream(extra).sum(), Arrays.stream(missed).sum()));
    }
    double[] scores = new double[hits.length];
    double weighted = 0;
    double weights = EPSILON;
    for (int i = 0; i < scores.length; i++) {
      scores[i] = score(beta, hits[i], extra[i], missed[i]);
      weighted += scores[i] * (hits[i] + missed[i]);
      weights += hits[i] + missed[i];
    }
    return switch (average) {
      case NONE -> Results.list(scores);
      case MACRO -> Results.number(Results.mean(scores));
      case WEIGHTED -> Results.number(weighted / weights);
      case MICRO -> throw new IllegalStateException("counted above");
    };
  }

  private static double score(double beta, double hits, double extra, double missed) {
    double precision = hits / (hits + extra + EPSILON);
    double recall = hits / (hits + missed + EPSILON);
    double sum = beta * beta * precision + recall;
    return precision * recall / (sum + EPSILON) * (1 + beta * beta);
  }
}
