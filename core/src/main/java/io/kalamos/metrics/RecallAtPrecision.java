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

/// The best recall at thresholds with so much precision; 0 where none does. Keras class
/// `RecallAtPrecision`.
///
/// @param precision to be reached, from 0 to 1
/// @param numThresholds tried, in equal steps from 0 to 1
/// @param classId the only class that is looked at
public record RecallAtPrecision(
    String name, double precision, int numThresholds, OptionalInt classId)
    implements KerasMetric<RecallAtPrecision> {
  public RecallAtPrecision {
    Objects.requireNonNull(name);
    if (!(precision >= 0 && precision <= 1)) {
      throw Refusal.of(
          "RecallAtPrecision", "precision from 0 to 1", "precision", precision, "Use 0.9, say.");
    }
    Refusal.unlessAtLeast(
        "RecallAtPrecision", "numThresholds", numThresholds, 1, "Keras's default is 200.");
    Thresholds.check("RecallAtPrecision", OptionalInt.empty(), classId);
  }

  public static RecallAtPrecision of(double precision) {
    return new RecallAtPrecision("recall_at_precision", precision, 200, OptionalInt.empty());
  }

  public RecallAtPrecision numThresholds(int numThresholds) {
    return Vary.of(this, "numThresholds", numThresholds);
  }

  public RecallAtPrecision classId(int classId) {
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
    return Results.number(Confusion.greatest(counts.recall(), counts.precision(), precision));
  }
}
