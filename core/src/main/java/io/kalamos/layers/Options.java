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

  /// Filters fall into groups of one size.
  static void groups(String where, int filters, int groups) {
    positive(where, "groups", groups);
    if (filters % groups != 0) {
      throw Refusal.of(
          where,
          "filters (" + filters + ") divisible by groups",
          "groups",
          groups,
          "Change filters or groups.");
    }
  }

  /// Only one of strides and dilation, as Keras has it.
  static void strides(String where, Pair strides, Pair dilation) {
    if (!strides.equals(Pair.of(1)) && !dilation.equals(Pair.of(1))) {
      throw Refusal.of(
          where,
          "strides (1, 1) where dilationRate is " + dilation,
          "strides",
          strides,
          "Use one of strides and dilationRate.");
    }
  }

  /// Only one of strides and dilation, as Keras has it.
  static void strides(String where, int strides, int dilation) {
    if (strides > 1 && dilation > 1) {
      throw Refusal.of(
          where,
          "strides of 1 where dilationRate is " + dilation,
          "strides",
          strides,
          "Use one of strides and dilationRate.");
    }
  }

  static void notCausal(String where, Padding padding) {
    if (padding == Padding.CAUSAL) {
      throw Refusal.of(
          where,
          "padding VALID or SAME",
          "padding",
          padding,
          "Causal padding is for sequences: Conv1D has it.");
    }
  }
}
