package io.kalamos.metrics;

import io.kalamos.engine.Node;
import io.kalamos.engine.Tensor;
import io.kalamos.options.Vary;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;

/// Ones that were predicted as zeros, the sum of their weights; a list where there are several
/// thresholds. Keras class `FalseNegatives`.
///
/// @param thresholds above which a prediction says one; 0.5 where none are named
public record FalseNegatives(String name, Optional<List<Double>> thresholds)
    implements KerasMetric<FalseNegatives> {
  public FalseNegatives {
    Objects.requireNonNull(name);
    thresholds.ifPresent(values -> Thresholds.check("FalseNegatives", values));
  }

  public static FalseNegatives of() {
    return new FalseNegatives("false_negatives", Optional.empty());
  }

  public FalseNegatives thresholds(double... thresholds) {
    return Vary.of(this, "thresholds", Optional.of(Arrays.stream(thresholds).boxed().toList()));
  }

  private List<Double> chosen() {
    return Thresholds.chosen(thresholds, OptionalInt.empty());
  }

  @Override
  public boolean single() {
    return chosen().size() == 1;
  }

  @Override
  public SequencedMap<String, Node> update(Node target, Node prediction, Optional<Node> weight) {
    SequencedMap<String, Node> counts =
        Thresholds.of(chosen()).counts(name, target, prediction, weight, false);
    SequencedMap<String, Node> kept = new LinkedHashMap<>();
    kept.put("false_negatives", counts.get("false_negatives"));
    return kept;
  }

  @Override
  public Tensor result(Map<String, Tensor> totals) {
    return Results.numbers(totals.get("false_negatives").toDoubles());
  }
}
