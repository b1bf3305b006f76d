package io.kalamos.layers;

import io.kalamos.options.Refusal;

/// Checks of the numbers that layers are described with.
final class Options {
  private Options() {}

  static int positive(String where, String option, int value) {
    if (value < 1) {
      throw Refusal.of(
          where, option + " of 1 or more", option, value, "Give a positive whole number.");
    }
    return value;
  }

  static double fraction(String where, String option, double value) {
    if (!(value >= 0 && value < 1)) {
      throw Refusal.of(
          where,
          option + " from 0 to below 1",
          option,
          value,
          "Give the part as a fraction, such as 0.5 for one half.");
    }
    return value;
  }

  static String name(String where, String name) {
    if (name.isBlank() || name.contains("/")) {
      throw Refusal.of(
          where,
          "a name without / that is not blank",
          "name",
          '"' + name + '"',
          "Names are parts of weight paths such as dense/kernel; choose another.");
    }
    return name;
  }
}
