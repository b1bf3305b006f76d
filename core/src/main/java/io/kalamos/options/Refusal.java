package io.kalamos.options;

/// What every message about a wrong option says: where, what was expected, what was received, what
/// to do.
public final class Refusal {
  private Refusal() {}

  /// The error for one wrong option, such as `SGD: expected momentum from 0 to below 1, received
  /// momentum=1.5. Use 0.9, or 0 for none.`
  public static IllegalArgumentException of(
      String where, String expected, String name, Object value, String toDo) {
    return new IllegalArgumentException(
        where + ": expected " + expected + ", received " + name + "=" + value + ". " + toDo);
  }

  /// Asks for a number above 0 that is not infinite.
  public static void unlessPositive(String where, String name, double value, String toDo) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw of(where, "a finite " + name + " above 0", name, value, toDo);
    }
  }

  /// Asks for 0 or a number above that is not infinite.
  public static void unlessNotNegative(String where, String name, double value, String toDo) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw of(where, "a finite " + name + " of 0 or more", name, value, toDo);
    }
  }

  /// Asks for a whole number that is not too small.
  public static void unlessAtLeast(String where, String name, long value, long least, String toDo) {
    if (value < least) {
      throw of(where, name + " of " + least + " or more", name, value, toDo);
    }
  }

  /// Asks for a number from 0 to below 1.
  public static void unlessBelowOne(String where, String name, double value, String toDo) {
    if (!(value >= 0 && value < 1)) {
      throw of(where, name + " from 0 to below 1", name, value, toDo);
    }
  }

  /// Asks for a number that is neither infinite nor NaN.
  public static void unlessFinite(String where, String name, double value, String toDo) {
    if (!Double.isFinite(value)) {
      throw of(where, "a finite " + name, name, value, toDo);
    }
  }
}
