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

/// How many of the ones were predicted as ones, by weight; a list where there are several
/// thresholds. Keras class `Recall`.
///
/// @param thresholds above which a prediction says one; 0.5 where none are named, or none at all
///   with `topK`
/// @param topK how many of the greatest predictions of a sample may say one
/// @param classId the only class that is looked at
public record Recall(
    String name, Optional<List<Double>> thresholds, OptionalInt topK, OptionalInt classId)
    implements KerasMetric<Recall> {
  public Recall {
    Objects.requireNonNull(name);
    thresholds.ifPresent(values -> Thresholds.check("Recall", values));
    Thresholds.check("Recall", topK, classId);
  }

  public static Recall of() {
    return new Recall("recall", Optional.empty(), OptionalInt.empty(), OptionalInt.empty());
  }

  public Recall thresholds(double... thresholds) {
    return Vary.of(this, "thresholds", Optional.of(Arrays.stream(thresholds).boxed().toList()));
  }

  public Recall topK(int topK) {
    return Vary.of(this, "topK", OptionalInt.of(topK));
  }

  public Recall classId(int classId) {
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
    return Results.numbers(Confusion.of(totals).recall());
  }
}
