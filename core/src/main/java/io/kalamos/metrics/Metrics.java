package io.kalamos.metrics;

import io.kalamos.losses.Losses;
import io.kalamos.options.Refusal;

/// The metrics with Keras's defaults, by Keras's names.
public final class Metrics {
  private Metrics() {}

  /// The part of right answers: binary, categorical or sparse as the shapes of targets and
  /// predictions tell.
  public static final Metric ACCURACY = new AutomaticAccuracy("accuracy");

  /// The metric of this name in Keras: `accuracy` and its three forms, `acc`, and all losses.
  ///
  /// @throws IllegalArgumentException where there is none
  public static Metric named(String name) {
    return switch (name) {
      case "accuracy", "acc" -> new AutomaticAccuracy(name);
      case "binary_accuracy" -> BinaryAccuracy.of();
      case "categorical_accuracy" -> CategoricalAccuracy.of();
      case "sparse_categorical_accuracy" -> SparseCategoricalAccuracy.of();
      default ->
          Losses.find(name)
              .map(loss -> Metric.of(loss.named(name)))
              .orElseThrow(
                  () ->
                      Refusal.of(
                          "metric",
                          "accuracy, binary_accuracy, categorical_accuracy,"
                              + " sparse_categorical_accuracy or the name of a loss",
                          "name",
                          name,
                          "Use one of these, or implement Metric."));
    };
  }
}
