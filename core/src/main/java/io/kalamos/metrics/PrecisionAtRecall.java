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

/// The best precision at thresholds that find so many of the ones; 0 where none does. Keras class
/// `PrecisionAtRecall`.
///
/// @param recall to be reached, from 0 to 1
/// @param numThresholds tried, in equal steps from 0 to 1
/// @param classId the only class that is looked at
public record PrecisionAtRecall(String name, double recall, int numThresholds, OptionalInt classId)
    implements KerasMetric<PrecisionAtRecall> {
  public PrecisionAtRecall {
    Objects.requireNonNull(name);
    if (!(recall >= 0 && recall <= 1)) {
      throw Refusal.of(
          "PrecisionAtRecall", "recall from 0 to 1", "recall", recall, "Use 0.9, say.");
    }
    Refusal.unlessAtLeast(
        "PrecisionAtRecall", "numThresholds", numThresholds, 1, "Keras's default is 200.");
    Thresholds.check("PrecisionAtRecall", OptionalInt.empty(), classId);
  }

  public static PrecisionAtRecall of(double recall) {
    return new PrecisionAtRecall("precision_at_recall", recall, 200, OptionalInt.empty());
  }

  public PrecisionAtRecall numThresholds(int numThresholds) {
    return Vary.of(this, "numThresholds", numThresholds);
  }

  public PrecisionAtRecall classId(int classId) {
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
    return Results.number(Confusion.greatest(counts.precision(), counts.recall(), recall));
  }
}
