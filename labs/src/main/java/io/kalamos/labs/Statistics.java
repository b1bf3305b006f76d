package io.kalamos.labs;

import java.util.List;

/// Numbers about repeats of a training.
final class Statistics {
  private Statistics() {}

  /// The middle value, or the mean of both; NaN counts as the largest, so that what more than half
  /// of the repeats missed is missing.
  static double median(List<Double> values) {
    var sorted = values.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }

  static double mean(List<Double> values) {
    return values.stream().mapToDouble(value -> value).average().orElse(Double.NaN);
  }

  /// The standard deviation of a sample, 0 of a single value.
  static double deviation(List<Double> values) {
    double mean = mean(values);
    double squares = values.stream().mapToDouble(value -> (value - mean) * (value - mean)).sum();
    return values.size() < 2 ? 0 : Math.sqrt(squares / (values.size() - 1));
  }
}
