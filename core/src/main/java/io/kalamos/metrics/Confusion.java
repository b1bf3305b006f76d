package io.kalamos.metrics;

import io.kalamos.engine.Tensor;
import java.util.Map;

/// The counts of one label at all thresholds, on the host; missing ones are 0.
record Confusion(
    double[] truePositives,
    double[] falsePositives,
    double[] trueNegatives,
    double[] falseNegatives) {
  static Confusion of(Map<String, Tensor> totals) {
    return of(totals, 0, 1);
  }

  /// One of several labels, (labels, thresholds).
  static Confusion of(Map<String, Tensor> totals, int label, int labels) {
    return new Confusion(
        column(totals, "true_positives", label, labels),
        column(totals, "false_positives", label, labels),
        column(totals, "true_negatives", label, labels),
        column(totals, "false_negatives", label, labels));
  }

  private static double[] column(Map<String, Tensor> totals, String name, int label, int labels) {
    Tensor total = totals.get(name);
    double[] values = new double[(int) total.size() / labels];
    for (int i = 0; i < values.length; i++) {
      values[i] = total.get((long) label * values.length + i);
    }
    return values;
  }

  double[] precision() {
    return ratios(truePositives, falsePositives);
  }

  double[] recall() {
    return ratios(truePositives, falseNegatives);
  }

  double[] specificity() {
    return ratios(trueNegatives, falsePositives);
  }

  double[] falsePositiveRate() {
    return ratios(falsePositives, trueNegatives);
  }

  /// a / (a + b), and 0 where both are.
  private static double[] ratios(double[] a, double[] b) {
    double[] ratios = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      ratios[i] = Results.ratio(a[i], a[i] + b[i]);
    }
    return ratios;
  }

  /// The greatest of `values` where `constrained` reaches a bound, 0 where it never does.
  static double greatest(double[] values, double[] constrained, double bound) {
    double greatest = 0;
    for (int i = 0; i < values.length; i++) {
      greatest = constrained[i] >= bound ? Math.max(greatest, values[i]) : greatest;
    }
    return greatest;
  }
}
