package io.kalamos.models;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/// What `evaluate` found, by Keras's names: `loss`, then the metrics.
public record Scores(SequencedMap<String, Double> values) {
  public Scores {
    values = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values));
  }

  public double loss() {
    return get("loss");
  }

  public double get(String name) {
    Double value = values.get(name);
    if (value == null) {
      throw Problems.unknown("scores", "a figure that was computed", "name", name, values.keySet());
    }
    return value;
  }

  /// `loss: 0.0712 - accuracy: 0.9786`.
  @Override
  public String toString() {
    return values.entrySet().stream()
        .map(entry -> String.format(Locale.ROOT, "%s: %.4f", entry.getKey(), entry.getValue()))
        .collect(Collectors.joining(" - "));
  }
}
