package io.kalamos.tensorboard;

import java.util.Arrays;

/// The buckets of a histogram as `tf.summary.histogram` makes them: of equal width from the least
/// to the greatest value, rows of (left, right, count).
///
/// Values that are no numbers or infinite are left out. Where all values are the same, the last
/// bucket has them and all edges are that value; without values all is zero.
final class Buckets {
  static final int COLUMNS = 3;

  private Buckets() {}

  static double[] of(float[] values, int count) {
    double[] wide = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return of(wide, count);
  }

  static double[] of(double[] values, int count) {
    double[] table = new double[count * COLUMNS];
    double least = Double.POSITIVE_INFINITY;
    double greatest = Double.NEGATIVE_INFINITY;
    int finite = 0;
    for (double value : values) {
      if (Double.isFinite(value)) {
        least = Math.min(least, value);
        greatest = Math.max(greatest, value);
        finite++;
      }
    }
    if (finite == 0) {
      return table;
    }
    double range = greatest - least;
    double[] counts = new double[count];
    if (range == 0) {
      counts[count - 1] = finite;
    } else {
      count(values, least, range / count, counts);
    }
    for (int i = 0; i < count; i++) {
      table[i * COLUMNS] = least + range / count * i;
      table[i * COLUMNS + 1] = i == count - 1 ? greatest : least + range / count * (i + 1);
      table[i * COLUMNS + 2] = counts[i];
    }
    return table;
  }

  private static void count(double[] values, double least, double width, double[] counts) {
    int last = counts.length - 1;
    int[] found = new int[counts.length];
    for (double value : values) {
      if (Double.isFinite(value)) {
        found[Math.min(last, (int) ((value - least) / width))]++;
      }
    }
    Arrays.setAll(counts, i -> found[i]);
  }
}
