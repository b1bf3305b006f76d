package io.kalamos.layers;

/// A number for the height and one for the width.
public record Pair(int height, int width) {
  public static Pair of(int both) {
    return new Pair(both, both);
  }

  public static Pair of(int height, int width) {
    return new Pair(height, width);
  }

  Pair positive(String where, String option) {
    Options.positive(where, option, height);
    Options.positive(where, option, width);
    return this;
  }

  @Override
  public String toString() {
    return "(" + height + ", " + width + ")";
  }
}
