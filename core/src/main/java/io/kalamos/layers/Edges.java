package io.kalamos.layers;

import io.kalamos.options.Refusal;

/// So many rows and columns at the four sides of a picture.
public record Edges(int top, int bottom, int left, int right) {
  Edges notNegative(String where, String option) {
    if (Math.min(Math.min(top, bottom), Math.min(left, right)) < 0) {
      throw Refusal.of(
          where,
          "no number below 0 in " + option,
          option,
          this,
          "Give whole numbers of rows and columns.");
    }
    return this;
  }

  /// As Keras prints it.
  @Override
  public String toString() {
    return "((" + top + ", " + bottom + "), (" + left + ", " + right + "))";
  }
}
