package io.kalamos.models;

import io.kalamos.engine.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/// What `evaluate` found, by Keras's names: `loss`, then the metrics.
///
/// @param values the figures that are single numbers
/// @param tensors all metrics, also those that are more: a confusion matrix, a score for each class
public record Scores(SequencedMap<String, Double> values, SequencedMap<String, Tensor> tensors) {
  public Scores {
    values = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values));
    tensors = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(tensors));
  }

  public double loss() {
    return get("loss");
  }

  public double get(String name) {
    return found(name, values);
  }

  /// A metric of any shape, float64.
  public Tensor tensor(String name) {
    return found(name, tensors);
  }

  private static <V> V found(String name, SequencedMap<String, V> figures) {
    V value = figures.get(name);
    if (value == null) {
      throw Problems.unknown(
          "scores", "a figure that was computed", "name", name, figures.keySet());
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
