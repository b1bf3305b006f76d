package io.kalamos.metrics;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Tensor;
import io.kalamos.losses.Operands;
import io.kalamos.losses.SampleWeights;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;

/// The area under a curve that thresholds draw: how well predictions put ones above zeros. Keras
/// class `AUC`.
///
/// @param numThresholds in equal steps from 0 to 1
/// @param thresholds of one's own between 0 and 1, instead of equal steps
/// @param multiLabel whether each label of (batch, labels) has a curve of its own; the figure is
///   the mean of their areas
/// @param numLabels how many labels there must be
/// @param labelWeights by which labels count
/// @param fromLogits whether predictions are the inputs of a sigmoid that the model leaves out
public record AUC(
    String name,
    int numThresholds,
    Curve curve,
    Summation summationMethod,
    Optional<List<Double>> thresholds,
    boolean multiLabel,
    OptionalInt numLabels,
    Optional<List<Double>> labelWeights,
    boolean fromLogits)
    implements KerasMetric<AUC> {
  /// What stands over what.
  public enum Curve {
    /// Recall over the rate of false positives.
    ROC,
    /// Precision over recall.
    PR,
    /// Precision gain over recall gain (Flach and Kull, 2015).
    PRGAIN
  }

  /// How the area between two thresholds is taken.
  public enum Summation {
    INTERPOLATION,
    MAJORING,
    MINORING
  }

  public AUC {
    Objects.requireNonNull(name);
    Objects.requireNonNull(curve);
    Objects.requireNonNull(summationMethod);
    Refusal.unlessAtLeast("AUC", "numThresholds", numThresholds, 2, "Keras's default is 200.");
    thresholds.ifPresent(values -> Thresholds.check("AUC", values));
    if (numLabels.isPresent() && !multiLabel) {
      throw Refusal.of(
          "AUC",
          "numLabels together with multiLabel only",
          "numLabels",
          numLabels.getAsInt(),
          "Add multiLabel(true), or leave it out.");
    }
    labelWeights.ifPresent(
        weights ->
            weights.forEach(
                weight ->
                    Refusal.unlessNotNegative(
                        "AUC", "labelWeights", weight, "Use 1 for each label.")));
  }

  public static AUC of() {
    return new AUC(
        "auc",
        200,
        Curve.ROC,
        Summation.INTERPOLATION,
        Optional.empty(),
        false,
        OptionalInt.empty(),
        Optional.empty(),
        false);
  }

  public AUC numThresholds(int numThresholds) {
    return Vary.of(this, "numThresholds", numThresholds);
  }

  public AUC curve(Curve curve) {
    return Vary.of(this, "curve", curve);
  }

  public AUC summationMethod(Summation summationMethod) {
    return Vary.of(this, "summationMethod", summationMethod);
  }

  public AUC thresholds(double... thresholds) {
    return Vary.of(this, "thresholds", Optional.of(Arrays.stream(thresholds).boxed().toList()));
  }

  public AUC multiLabel(boolean multiLabel) {
    return Vary.of(this, "multiLabel", multiLabel);
  }

  public AUC numLabels(int numLabels) {
    return Vary.of(this, "numLabels", OptionalInt.of(numLabels));
  }

  public AUC labelWeights(double... weights) {
    return Vary.of(this, "labelWeights", Optional.of(Arrays.stream(weights).boxed().toList()));
  }

  public AUC fromLogits(boolean fromLogits) {
    return Vary.of(this, "fromLogits", fromLogits);
  }

  private List<Double> cuts() {
    if (thresholds.isEmpty()) {
      return Thresholds.even(numThresholds, Thresholds.EPSILON);
    }
    List<Double> cuts = new ArrayList<>(thresholds.get().stream().sorted().toList());
    cuts.addFirst(-Thresholds.EPSILON);
    cuts.addLast(1 + Thresholds.EPSILON);
    return cuts;
  }

  @Override
  public SequencedMap<String, Node> update(Node target, Node prediction, Optional<Node> weight) {
    int labels = prediction.shape().dim(-1);
    if (multiLabel && (prediction.shape().rank() != 2 || numLabels.orElse(labels) != labels)) {
      throw Refusal.of(
          name,
          "predictions of shape (None, " + numLabels.orElse(labels) + ") for multiLabel",
          "shape",
          prediction.shape(),
          "Change numLabels or the last layer's units.");
    }
    if (labelWeights.isPresent() && labelWeights.get().size() != labels) {
      throw Refusal.of(
          name,
          "a weight for each of the " + labels + " labels",
          "labelWeights",
          labelWeights.get(),
          "Give as many as there are labels.");
    }
    Node wide = Operands.wide(prediction);
    Node scores = fromLogits ? Ops.sigmoid(wide) : wide;
    Optional<Node> weights = multiLabel ? weight : weighted(weight, wide);
    return Thresholds.of(cuts()).counts(name, target, scores, weights, multiLabel);
  }

  /// Weights of samples times those of labels.
  private Optional<Node> weighted(Optional<Node> weight, Node prediction) {
    if (labelWeights.isEmpty()) {
      return weight;
    }
    double[] each = labelWeights.get().stream().mapToDouble(v -> v).toArray();
    Tensor labels = Tensor.of(each, each.length).cast(prediction.dtype());
    Node all = Ops.broadcastTo(Ops.constant(labels), prediction.shape());
    return Optional.of(
        weight.map(w -> Ops.multiply(SampleWeights.fitting(w, prediction), all)).orElse(all));
  }

  @Override
  public Tensor result(Map<String, Tensor> totals) {
    int labels = multiLabel ? totals.get("true_positives").shape().dim(0) : 1;
    double sum = 0;
    double weights = 0;
    for (int label = 0; label < labels; label++) {
      double weight = multiLabel && labelWeights.isPresent() ? labelWeights.get().get(label) : 1;
      sum += weight * area(Confusion.of(totals, label, labels));
      weights += weight;
    }
    return Results.number(Results.ratio(sum, weights));
  }

  private double area(Confusion counts) {
    boolean interpolated = summationMethod == Summation.INTERPOLATION;
    return switch (curve) {
      case ROC -> area(counts.falsePositiveRate(), counts.recall());
      case PR -> interpolated ? interpolated(counts) : area(counts.recall(), counts.precision());
      case PRGAIN -> area(recallGain(counts), precisionGain(counts));
    };
  }

  private double area(double[] x, double[] y) {
    double area = 0;
    for (int i = 0; i + 1 < x.length; i++) {
      double height =
          switch (summationMethod) {
            case INTERPOLATION -> (y[i] + y[i + 1]) / 2;
            case MAJORING -> Math.max(y[i], y[i + 1]);
            case MINORING -> Math.min(y[i], y[i + 1]);
          };
      area += (x[i] - x[i + 1]) * height;
    }
    return area;
  }

  /// Between two thresholds true positives grow linearly with all positives, precision does not
  /// (Davis and Goadrich, 2006).
  private static double interpolated(Confusion counts) {
    double[] right = counts.truePositives();
    double area = 0;
    for (int i = 0; i + 1 < right.length; i++) {
      double more = right[i] + counts.falsePositives()[i];
      double fewer = right[i + 1] + counts.falsePositives()[i + 1];
      double slope = Results.ratio(right[i] - right[i + 1], Math.max(more - fewer, 0));
      double start = right[i + 1] - slope * fewer;
      double ratio = more > 0 && fewer > 0 ? more / fewer : 1;
      double growth = slope * (right[i] - right[i + 1] + start * Math.log(ratio));
      area += Results.ratio(growth, Math.max(right[i + 1] + counts.falseNegatives()[i + 1], 0));
    }
    return area;
  }

  private static double[] recallGain(Confusion counts) {
    double[] gain = gain(counts, counts.falseNegatives(), 0);
    return Arrays.stream(gain).map(value -> Math.max(value, 0)).toArray();
  }

  private static double[] precisionGain(Confusion counts) {
    return gain(counts, counts.falsePositives(), 1);
  }

  private static double[] gain(Confusion counts, double[] wrong, double withoutHits) {
    double[] gain = new double[wrong.length];
    for (int i = 0; i < gain.length; i++) {
      double right = counts.truePositives()[i];
      double ones = right + counts.falseNegatives()[i];
      double zeros = counts.trueNegatives()[i] + counts.falsePositives()[i];
      gain[i] = right == 0 ? withoutHits : 1 - Results.ratio(ones, zeros) * wrong[i] / right;
    }
    return gain;
  }
}
