package io.kalamos.plots;

import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// The class of each sample and how probable it is, NaN where that isn't known. It is read from
/// - class numbers, (n) or (n, 1);
/// - probabilities, scores or one-hot rows, (n, classes): the class is the place of the largest;
/// - the probability of class 1 of two, (n) or (n, 1): the class is 1 above one half.
///
/// @param count how many classes there are, as far as the tensor tells
record Classes(int[] classes, double[] probabilities, int count) {
  private static final int MOST = 100_000;

  static Classes of(String where, String name, Tensor tensor) {
    var shape = tensor.shape();
    if (shape.rank() < 1 || shape.rank() > 2 || shape.dim(0) == 0) {
      throw Refusal.of(
          where,
          name + " of shape (n) or (n, classes) with n >= 1",
          name,
          tensor,
          "Reshape them to one row for each sample.");
    }
    return shape.rank() == 2 && shape.dim(1) > 1 ? rows(tensor) : column(where, name, tensor);
  }

  private static Classes rows(Tensor tensor) {
    int samples = tensor.shape().dim(0);
    int width = tensor.shape().dim(1);
    var classes = new int[samples];
    var probabilities = new double[samples];
    for (int i = 0; i < samples; i++) {
      double[] row = tensor.toDoubles((long) i * width, width);
      for (int c = 1; c < width; c++) {
        classes[i] = row[c] > row[classes[i]] ? c : classes[i];
      }
      boolean probable =
          DoubleStream.of(row).allMatch(p -> p >= 0 && p <= 1.001)
              && Math.abs(DoubleStream.of(row).sum() - 1) < 0.01;
      probabilities[i] = probable ? row[classes[i]] : Double.NaN;
    }
    return new Classes(classes, probabilities, width);
  }

  private static Classes column(String where, String name, Tensor tensor) {
    double[] values = tensor.toDoubles();
    boolean whole = DoubleStream.of(values).allMatch(v -> v == Math.rint(v) && v >= 0 && v < MOST);
    if (whole) {
      int[] classes = DoubleStream.of(values).mapToInt(v -> (int) v).toArray();
      var unknown = new double[values.length];
      Arrays.fill(unknown, Double.NaN);
      return new Classes(classes, unknown, Arrays.stream(classes).max().orElseThrow() + 1);
    }
    for (double value : values) {
      if (!(value >= 0 && value <= 1)) {
        throw Refusal.of(
            where,
            name + " that are classes from 0 on, or probabilities from 0 to 1",
            name,
            value,
            "Give the labels as numbers from 0, or what model.predict returns.");
      }
    }
    return new Classes(
        DoubleStream.of(values).mapToInt(p -> p > 0.5 ? 1 : 0).toArray(),
        DoubleStream.of(values).map(p -> Math.max(p, 1 - p)).toArray(),
        2);
  }

  int samples() {
    return classes.length;
  }

  /// The names of all classes of two tensors about the same samples, numbers where none are given.
  static List<String> names(String where, Classes labels, Classes predictions, List<String> given) {
    if (labels.samples() != predictions.samples()) {
      throw Refusal.of(
          where,
          "a prediction for each of " + labels.samples() + " labels",
          "predictions",
          predictions.samples(),
          "Predict for the same samples that the labels are of.");
    }
    int count = Math.max(labels.count, predictions.count);
    if (!given.isEmpty() && given.size() < count) {
      throw Refusal.of(
          where,
          "a name for each of " + count + " classes or none",
          "classNames",
          given,
          "Give as many as there are classes.");
    }
    return given.isEmpty() ? IntStream.range(0, count).mapToObj(Integer::toString).toList() : given;
  }
}
