package io.kalamos.javacpu;

import io.kalamos.javacpu.Values.Floats;

/// Rows of a matrix by index, and the way back. Indices outside of the matrix mean its nearest row.
final class Gathering {
  private Gathering() {}

  /// @param rows of the matrix
  /// @param count of the indices
  static Kernel gather(Values table, int rows, int units, Values indices, int count, Values y) {
    return (part, parts) -> {
      int to = Kernel.from(count, part + 1, parts);
      for (int i = Kernel.from(count, part, parts); i < to; i++) {
        int row = row(indices, i, rows);
        for (int unit = 0; unit < units; unit++) {
          y.set(i * units + unit, table.get(row * units + unit));
        }
      }
    };
  }

  /// Adds each row of `g` to the row of `y` that it came from. The parts share the columns, so that
  /// the order of the additions does not depend on their number.
  static Kernel add(Values indices, int count, Values g, Values y, int rows, int units) {
    return (part, parts) -> {
      int from = Kernel.from(units, part, parts);
      int to = Kernel.from(units, part + 1, parts);
      for (int row = 0; row < rows; row++) {
        for (int unit = from; unit < to; unit++) {
          y.set(row * units + unit, 0);
        }
      }
      for (int i = 0; i < count; i++) {
        int row = row(indices, i, rows);
        for (int unit = from; unit < to; unit++) {
          add(y, row * units + unit, g.get(i * units + unit));
        }
      }
    };
  }

  /// Sums of bfloat16 are rounded at the end only.
  private static void add(Values y, int at, double addend) {
    switch (y) {
      case Floats(float[] data, _) -> data[at] += (float) addend;
      case Values.Doubles(double[] data) -> data[at] += addend;
      case Values.Ints(int[] data, _) -> data[at] += (int) addend;
    }
  }

  private static int row(Values indices, int i, int rows) {
    return Math.clamp((long) indices.get(i), 0, rows - 1);
  }
}
