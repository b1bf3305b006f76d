package io.kalamos.losses;

import io.kalamos.options.Refusal;

/// The options of focal losses.
final class Focus {
  private Focus() {}

  static void check(String where, double alpha, double gamma) {
    if (!(alpha >= 0 && alpha <= 1)) {
      throw Refusal.of(where, "alpha from 0 to 1", "alpha", alpha, "Keras's default is 0.25.");
    }
    Refusal.unlessNotNegative(where, "gamma", gamma, "Keras's default is 2; 0 focuses on nothing.");
  }
}
