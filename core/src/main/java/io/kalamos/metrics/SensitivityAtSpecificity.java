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

/// The best share of ones found at thresholds that keep so many of the zeros; 0 where none does.
/// Keras class `SensitivityAtSpecificity`.
///
/// @param specificity to be reached, from 0 to 1
/// @param numThresholds tried, in equal steps from 0 to 1
/// @param classId the only class that is looked at
public record SensitivityAtSpecificity(
    String name, double specificity, int numThresholds, OptionalInt classId)
    implements KerasMetric<SensitivityAtSpecificity> {
  public SensitivityAtSpecificity {
    Objects.requireNonNull(name);
    if (!(specificity >= 0 && specificity <= 1)) {
      throw Refusal.of(
          "SensitivityAtSpecificity",
          "specificity from 0 to 1",
          "specificity",
          specificity,
          "Use 0.9, say.");
    }
    Refusal.unlessAtLeast(
        "SensitivityAtSpecificity", "numThresholds", numThresholds, 1, "Keras's default is 200.");
    Thresholds.check("SensitivityAtSpecificity", OptionalInt.empty(), classId);
  }

  public static SensitivityAtSpecificity of(double specificity) {
    return new SensitivityAtSpecificity(
        "sensitivity_at_specificity", specificity, 200, OptionalInt.empty());
  }

  public SensitivityAtSpecificity numThresholds(int numThresholds) {
    return Vary.of(this, "numThresholds", numThresholds);
  }

  public SensitivityAtSpecificity classId(int classId) {
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
    return Results.number(Confusion.greatest(counts.recall(), counts.specificity(), specificity));
  }
}
