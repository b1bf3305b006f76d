package io.kalamos.schedules;

/// What is checked of every learning rate.
final class Rates {
  private Rates() {}

  static double check(String option, double rate) {
    if (!(rate > 0) || Double.isInfinite(rate)) {
      throw new IllegalArgumentException(
          option
              + ": expected a finite number above 0, received rate="
              + rate
              + ". Start from 1e-3 for Adam or 1e-2 for SGD.");
    }
    return rate;
  }
}
