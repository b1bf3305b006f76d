package io.kalamos.engine;

/// The error function in double precision: the Maclaurin series near zero, the continued fraction
/// of the complement elsewhere (Abramowitz and Stegun 7.1.5 and 7.1.14).
final class ErrorFunction {
  private ErrorFunction() {}

  static double erf(double x) {
    double a = Math.abs(x);
    if (Double.isNaN(x) || a > 6) {
      return Double.isNaN(x) ? x : Math.signum(x);
    }
    return a < 2.5 ? series(x) : Math.signum(x) * (1 - complement(a));
  }

  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
      term *= -x * x / n;
      sum += term / (2 * n + 1);
    }
    return 2 / Math.sqrt(Math.PI) * sum;
  }

  private static double complement(double x) {
    double fraction = 0;
    for (int n = 60; n >= 1; n--) {
      fraction = n / 2.0 / (x + fraction);
    }
    return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
  }
}
