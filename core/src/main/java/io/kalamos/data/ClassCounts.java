package io.kalamos.data;

import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// How many samples there are of each class, by the class's index.
public record ClassCounts(SortedMap<Integer, Integer> counts) {
  public ClassCounts {
    counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
  }

  /// Of class indices (n,) or (n, 1), or one-hot targets (n, classes); nothing of other targets.
  public static Optional<ClassCounts> of(Tensor y) {
    return classes(y).map(classes -> of(classes, IntStream.range(0, classes.length).toArray()));
  }

  /// The same of some rows.
  public static Optional<ClassCounts> of(Tensor y, int[] rows) {
    return classes(y).map(classes -> of(classes, rows));
  }

  private static ClassCounts of(int[] classes, int[] rows) {
    SortedMap<Integer, Integer> counts = new TreeMap<>();
    for (int row : rows) {
      counts.merge(classes[row], 1, Integer::sum);
    }
    return new ClassCounts(counts);
  }

  /// How many samples there are of this class.
  public int of(int index) {
    return counts.getOrDefault(index, 0);
  }

  /// All samples.
  public int total() {
    return counts.values().stream().mapToInt(count -> count).sum();
  }

  /// The class of each row; nothing where the targets are none.
  static Optional<int[]> classes(Tensor y) {
    Shape shape = y.shape();
    if (shape.rank() == 0 || shape.rank() > 2) {
      return Optional.empty();
    }
    int width = (int) shape.rowSize();
    int[] classes = new int[shape.dim(0)];
    for (int row = 0; row < classes.length; row++) {
      double[] values = y.toDoubles((long) row * width, width);
      classes[row] = width == 1 ? index(values[0]) : hot(values);
      if (classes[row] < 0) {
        return Optional.empty();
      }
    }
    return Optional.of(classes);
  }

  private static int index(double value) {
    return value >= 0 && value <= Integer.MAX_VALUE && value == Math.rint(value) ? (int) value : -1;
  }

  /// The place of the only 1 among zeros.
  private static int hot(double[] values) {
    int found = -1;
    for (int i = 0; i < values.length; i++) {
      if (values[i] == 1 && found < 0) {
        found = i;
      } else if (values[i] != 0) {
        return -1;
      }
    }
    return found;
  }

  /// `0: 5923, 1: 6742`.
  @Override
  public String toString() {
    String text = counts.toString();
    return text.substring(1, text.length() - 1).replace("=", ": ");
  }
}
