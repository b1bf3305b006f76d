package io.kalamos.metrics;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.losses.Operands;
import io.kalamos.losses.SampleWeights;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;

/// The share of the targets' variance that predictions (batch, outputs) explain: 1 where all is
/// right, 0 for the mean as the answer. Keras class `R2Score`.
///
/// @param numRegressors how many inputs the model has, for the adjusted score; 0 for the plain one
public record R2Score(String name, Aggregation classAggregation, int numRegressors)
    implements KerasMetric<R2Score> {
  /// How the scores of outputs become one.
  public enum Aggregation {
    /// A score for each output.
    NONE,
    UNIFORM_AVERAGE,
    VARIANCE_WEIGHTED_AVERAGE
  }

  public R2Score {
    Objects.requireNonNull(name);
    Objects.requireNonNull(classAggregation);
    Refusal.unlessAtLeast("R2Score", "numRegressors", numRegressors, 0, "Keras's default is 0.");
  }

  public static R2Score of() {
    return new R2Score("r2_score", Aggregation.UNIFORM_AVERAGE, 0);
  }

  public R2Score classAggregation(Aggregation classAggregation) {
    return Vary.of(this, "classAggregation", classAggregation);
  }

  public R2Score numRegressors(int numRegressors) {
    return Vary.of(this, "numRegressors", numRegressors);
  }

  @Override
  public boolean single() {
    return classAggregation != Aggregation.NONE;
  }

  @Override
  public SequencedMap<String, Node> update(Node target, Node prediction, Optional<Node> weight) {
    Node wide = Operands.wide(prediction);
    if (wide.shape().rank() != 2) {
      throw Refusal.of(
          name,
          "predictions of shape (batch, outputs)",
          "shape",
          wide.shape(),
          "Reshape the last layer's result.");
    }
    Node truth = Operands.same(name, target, wide);
    Node ones = fill(1, wide.shape(), wide.dtype());
    Node weights =
        weight.map(w -> broadcastTo(SampleWeights.fitting(w, wide), wide.shape())).orElse(ones);
    Node weighted = multiply(truth, weights);
    Shape outputs = Shape.of(wide.shape().dim(1));
    SequencedMap<String, Node> sums = new LinkedHashMap<>();
    sums.put("sum", sum(weighted, 0));
    sums.put("squared_sum", sum(multiply(truth, weighted), 0));
    sums.put("residual", sum(multiply(square(subtract(truth, wide)), weights), 0));
    sums.put("count", sum(weights, 0));
    sums.replaceAll((_, node) -> reshape(node, outputs));
    sums.put("num_samples", like(wide, wide.shape().size()));
    return sums;
  }

  @Override
  public Tensor result(Map<String, Tensor> totals) {
    double[] sums = totals.get("sum").toDoubles();
    double[] scores = new double[sums.length];
    double[] spread = new double[sums.length];
    for (int i = 0; i < sums.length; i++) {
      spread[i] = totals.get("squared_sum").get(i) - sums[i] * sums[i] / totals.get("count").get(i);
      double score = 1 - totals.get("residual").get(i) / spread[i];
      scores[i] = Double.isInfinite(score) ? 0 : score;
    }
    double samples = totals.get("num_samples").get(0);
    return switch (classAggregation) {
      case NONE ->
          Results.list(Arrays.stream(scores).map(score -> adjusted(score, samples)).toArray());
      case UNIFORM_AVERAGE -> Results.number(adjusted(Results.mean(scores), samples));
      case VARIANCE_WEIGHTED_AVERAGE -> {
        double weighted = 0;
        for (int i = 0; i < scores.length; i++) {
          weighted += spread[i] * scores[i];
        }
        yield Results.number(adjusted(weighted / Arrays.stream(spread).sum(), samples));
      }
    };
  }

  /// The score as if regressors had cost freedom; the plain one where there are too few samples.
  private double adjusted(double score, double samples) {
    double freedom = samples - numRegressors - 1;
    boolean plain = numRegressors == 0 || freedom <= 0;
    return plain ? score : 1 - (1 - score) * (samples - 1) / freedom;
  }
}
