package io.kalamos.javacpu;

import io.kalamos.engine.Reduce;
import io.kalamos.engine.Shape;
import io.kalamos.javacpu.Values.Floats;
import java.util.Arrays;
import java.util.List;

/// Sums and maxima over axes, collected in double precision.
final class Reductions {
  private Reductions() {}

  /// One kernel, or two where the parts' results are combined.
  static List<Kernel> reduce(Reduce op, Shape from, Shape to, Values x, Values y, int team) {
    int[] reduced =
        op.axes().stream().mapToInt(axis -> axis).filter(a -> from.dim(a) > 1).toArray();
    Arrays.sort(reduced);
    if (x instanceof Floats(float[] data, _) && reduced.length > 0 && adjacent(reduced, from)) {
      int outer = (int) from.product(0, reduced[0]);
      int inner = (int) from.product(reduced[reduced.length - 1] + 1, from.rank());
      int length = (int) from.size() / outer / inner;
      return outer == 1
          ? shared(op.kind(), data, length, inner, y, team)
          : List.of(each(op.kind(), data, outer, length, inner, y, team));
    }
    return List.of(general(op.kind(), from, to, x, y));
  }

  private static boolean adjacent(int[] axes, Shape shape) {
    for (int i = 1; i < axes.length; i++) {
      if (shape.product(axes[i - 1] + 1, axes[i]) != 1) {
        return false;
      }
    }
    return true;
  }

  /// By the definition, for any axes, by one thread.
  private static Kernel general(Reduce.Kind kind, Shape from, Shape to, Values x, Values y) {
    View target = View.broadcast(to, from);
    double[] results = new double[(int) to.size()];
    int size = (int) from.size();
    return (part, parts) -> {
      if (part > 0) {
        return;
      }
      Arrays.fill(results, start(kind));
      for (int i = 0; i < size; i++) {
        int at = target.at(i);
        results[at] = combined(kind, results[at], x.get(i));
      }
      for (int i = 0; i < results.length; i++) {
        y.set(i, results[i]);
      }
    };
  }

  /// (outer, length, inner) to (outer, inner), shared by the outer axis.
  private static Kernel each(
      Reduce.Kind kind, float[] x, int outer, int length, int inner, Values y, int team) {
    double[][] lines = new double[team][inner];
    return (part, parts) -> {
      int to = Kernel.from(outer, part + 1, parts);
      for (int row = Kernel.from(outer, part, parts); row < to; row++) {
        collect(kind, x, row * length * inner, length, inner, lines[part]);
        for (int i = 0; i < inner; i++) {
          y.set(row * inner + i, lines[part][i]);
        }
      }
    };
  }

  /// (length, inner) to (inner), shared by the reduced axis and combined in order.
  private static List<Kernel> shared(
      Reduce.Kind kind, float[] x, int length, int inner, Values y, int team) {
    double[][] lines = new double[team][inner];
    Kernel share =
        (part, parts) -> {
          int from = Kernel.from(length, part, parts);
          int count = Kernel.from(length, part + 1, parts) - from;
          collect(kind, x, from * inner, count, inner, lines[part]);
        };
    Kernel total =
        (part, parts) -> {
          int to = Kernel.from(inner, part + 1, parts);
          for (int i = Kernel.from(inner, part, parts); i < to; i++) {
            double result = lines[0][i];
            for (int other = 1; other < team; other++) {
              result = combined(kind, result, lines[other][i]);
            }
            y.set(i, result);
          }
        };
    return List.of(share, total);
  }

  private static void collect(
      Reduce.Kind kind, float[] x, int from, int length, int inner, double[] line) {
    Arrays.fill(line, start(kind));
    if (inner == 1) {
      line[0] = kind == Reduce.Kind.SUM ? sum(x, from, length) : max(x, from, length);
      return;
    }
    for (int row = 0; row < length; row++) {
      int first = from + row * inner;
      switch (kind) {
        case SUM -> {
          for (int i = 0; i < inner; i++) {
            line[i] += x[first + i];
          }
        }
        case MAX -> {
          for (int i = 0; i < inner; i++) {
            line[i] = Math.max(line[i], x[first + i]);
          }
        }
      }
    }
  }

  private static double sum(float[] x, int from, int length) {
    double sum0 = 0;
    double sum1 = 0;
    double sum2 = 0;
    double sum3 = 0;
    int i = from;
    for (; i + 4 <= from + length; i += 4) {
      sum0 += x[i];
      sum1 += x[i + 1];
      sum2 += x[i + 2];
      sum3 += x[i + 3];
    }
    for (; i < from + length; i++) {
      sum0 += x[i];
    }
    return sum0 + sum1 + (sum2 + sum3);
  }

  private static double max(float[] x, int from, int length) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = from; i < from + length; i++) {
      max = Math.max(max, x[i]);
    }
    return max;
  }

  private static double start(Reduce.Kind kind) {
    return switch (kind) {
      case SUM -> 0;
      case MAX -> Double.NEGATIVE_INFINITY;
    };
  }

  private static double combined(Reduce.Kind kind, double a, double b) {
    return switch (kind) {
      case SUM -> a + b;
      case MAX -> Math.max(a, b);
    };
  }
}
