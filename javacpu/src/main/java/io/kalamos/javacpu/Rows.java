package io.kalamos.javacpu;

/// Functions along the last axis.
final class Rows {
  private Rows() {}

  static Kernel softmax(Values x, Values y, int rows, int length) {
    return (part, parts) -> {
      int to = Kernel.from(rows, part + 1, parts);
      for (int row = Kernel.from(rows, part, parts); row < to; row++) {
        int first = row * length;
        double max = x.get(first + argMax(x, first, length));
        double sum = 0;
        for (int i = first; i < first + length; i++) {
          sum += Math.exp(x.get(i) - max);
        }
        for (int i = first; i < first + length; i++) {
          y.set(i, Math.exp(x.get(i) - max) / sum);
        }
      }
    };
  }

  static Kernel logSoftmax(Values x, Values y, int rows, int length) {
    return (part, parts) -> {
      int to = Kernel.from(rows, part + 1, parts);
      for (int row = Kernel.from(rows, part, parts); row < to; row++) {
        int first = row * length;
        double max = x.get(first + argMax(x, first, length));
        double sum = 0;
        for (int i = first; i < first + length; i++) {
          sum += Math.exp(x.get(i) - max);
        }
        for (int i = first; i < first + length; i++) {
          y.set(i, x.get(i) - max - Math.log(sum));
        }
      }
    };
  }

  static Kernel argMax(Values x, Values y, int rows, int length) {
    return (part, parts) -> {
      int to = Kernel.from(rows, part + 1, parts);
      for (int row = Kernel.from(rows, part, parts); row < to; row++) {
        y.set(row, argMax(x, row * length, length));
      }
    };
  }

  private static int argMax(Values x, int first, int length) {
    int best = 0;
    for (int i = 1; i < length; i++) {
      if (x.get(first + i) > x.get(first + best)) {
        best = i;
      }
    }
    return best;
  }
}
