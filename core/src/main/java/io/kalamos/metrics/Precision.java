package io.kalamos.metrics;

import io.kalamos.engine.Node;
import io.kalamos.engine.Tensor;
import io.kalamos.options.Vary;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;

/// How many of the predicted ones are ones, by weight; a list where there are several thresholds.
/// Keras class `Precision`.
///
/// @param thresholds above which a prediction says one; 0.5 where none are named, or none at all
///   with `topK`
/// @param topK how many of the greatest predictions of a sample may say one
/// @param classId the only class that is looked at
public record Precision(
    String name, Optional<List<Double>> thresholds, OptionalInt topK, OptionalInt classId)
    implements KerasMetric<Precision> {
  public Precision {
    Objects.requireNonNull(name);
    thresholds.ifPresent(values -> Thresholds.check("Precision", values));
    Thresholds.check("Precision", topK, classId);
  }

  public static Precision of() {
    return new Precision("precision", Optional.empty(), OptionalInt.empty(), OptionalInt.empty());
  }

  public Precision thresholds(double... thresholds) {
    return Vary.of(this, "thresholds", Optional.of(Arrays.stream(thresholds).boxed().toList()));
  }

  public Precision topK(int topK) {
    return Vary.of(this, "topK", OptionalInt.of(topK));
  }

  public Precision classId(int classId) {
    return Vary.of(this, "classId", OptionalInt.of(classId));
  }

  private List<Double> chosen() {
    return Thresholds.chosen(thresholds, topK);
  }

  @Override
  public boolean single() {
    return chosen().size() == 1;
  }

  @Override
  public SequencedMap<String, Node> update(Node target, Node prediction, Optional<Node> weight) {
    return new Thresholds(chosen(), topK, classId).counts(name, target, prediction, weight, false);
  }

  @Override
  public Tensor result(Map<String, Tensor> totals) {
    return Results.numbers(Confusion.of(totals).precision());
  }
}
