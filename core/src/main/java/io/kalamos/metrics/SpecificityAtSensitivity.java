package io.kalamos.metrics;

import io.kalamos.engine.Node;
import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;

/// The best share of zeros kept at thresholds that find so many of the ones; 0 where none does.
/// Keras class `SpecificityAtSensitivity`.
///
/// @param sensitivity to be reached, from 0 to 1
/// @param numThresholds tried, in equal steps from 0 to 1
/// @param classId the only class that is looked at
public record SpecificityAtSensitivity(
    String name, double sensitivity, int numThresholds, OptionalInt classId)
    implements KerasMetric<SpecificityAtSensitivity> {
  public SpecificityAtSensitivity {
    Objects.requireNonNull(name);
    if (!(sensitivity >= 0 && sensitivity <= 1)) {
      throw Refusal.of(
          "SpecificityAtSensitivity",
          "sensitivity from 0 to 1",
          "sensitivity",
          sensitivity,
          "Use 0.9, say.");
    }
    Refusal.unlessAtLeast(
        "SpecificityAtSensitivity", "numThresholds", numThresholds, 1, "Keras's default is 200.");
    Thresholds.check("SpecificityAtSensitivity", OptionalInt.empty(), classId);
  }

  public static SpecificityAtSensitivity of(double sensitivity) {
    return new SpecificityAtSensitivity(
        "specificity_at_sensitivity", sensitivity, 200, OptionalInt.empty());
  }

  public SpecificityAtSensitivity numThresholds(int numThresholds) {
    return Vary.of(this, "numThresholds", numThresholds);
  }

  public SpecificityAtSensitivity classId(int classId) {
    return Vary.of(this, "classId", OptionalInt.of(classId));
  }

  @Override
  public SequencedMap<String, Node> update(Node target, Node prediction, Optional<Node> weight) {
    return new Thresholds(Thresholds.even(numThresholds, 0), OptionalInt.empty(), classId)
        .counts(name, target, prediction, weight, false);
  }

  @Override
  public Tensor result(Map<String, Tensor> totals) {
    Confusion counts = Confusion.of(totals);
    return Results.number(Confusion.greatest(counts.specificity(), counts.recall(), sensitivity));
  }
}
