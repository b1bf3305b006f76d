package io.kalamos.data;

import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/// What prepares arrays before training, under Keras's names (`keras.utils`).
public final class Preprocessing {
  private Preprocessing() {}

  /// Class indices as float32 with a last axis of `classes`: 1 at the index, 0 elsewhere. A last
  /// axis of 1 is dropped first, as in Keras.
  public static Tensor toCategorical(Tensor labels, int classes) {
    Refusal.unlessAtLeast("toCategorical", "classes", classes, 1, "Give the number of classes.");
    double[] values = labels.toDoubles();
    Shape shape = labels.shape();
    boolean column = shape.rank() > 1 && shape.dim(-1) == 1;
    Shape lead = column ? shape.slice(0, shape.rank() - 1) : shape;
    Tensor oneHot = Tensor.zeros(DType.FLOAT32, lead.append(classes));
    for (int i = 0; i < values.length; i++) {
      double label = values[i];
      if (!(label >= 0 && label < classes && label == Math.rint(label))) {
        throw Refusal.of(
            "toCategorical",
            "whole numbers from 0 to " + (classes - 1),
            "labels[" + i + "]",
            text(label),
            "Count classes from 0, or give more classes.");
      }
      oneHot.set((long) i * classes + (long) label, 1);
    }
    return oneHot;
  }

  /// The same with as many classes as the greatest label asks for.
  public static Tensor toCategorical(Tensor labels) {
    double[] values = labels.toDoubles();
    double greatest = Arrays.stream(values).max().orElse(-1);
    if (!(greatest >= 0 && greatest < 1 << 24)) {
      throw Refusal.of(
          "toCategorical",
          "labels from 0 on",
          "greatest label",
          values.length == 0 ? "none" : text(greatest),
          "Give the number of classes, and labels that count from 0.");
    }
    return toCategorical(labels, (int) greatest + 1);
  }

  static Object text(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1L << 53
        ? (Object) (long) number
        : (Object) number;
  }

  /// Vectors along the last axis divided by their Euclidean length; vectors of zeros stay.
  public static Tensor normalize(Tensor x) {
    return normalize(x, -1, 2);
  }

  /// Vectors along an axis divided by their length in the norm of this order: 1 and up, or infinity
  /// for the greatest absolute value. The result is float64 for float64, else float32.
  public static Tensor normalize(Tensor x, int axis, double order) {
    int rank = x.shape().rank();
    int along = axis < 0 ? axis + rank : axis;
    if (along < 0 || along >= rank) {
      throw Refusal.of(
          "normalize",
          "an axis from " + -rank + " to " + (rank - 1),
          "axis",
          axis,
          "Use -1 for the last axis.");
    }
    if (!(order >= 1)) {
      throw Refusal.of("normalize", "order of 1 or more", "order", order, "Keras's default is 2.");
    }
    int size = x.shape().dim(along);
    int inner = (int) x.shape().product(along + 1, rank);
    double[] values = x.toDoubles();
    for (int i = 0; i < values.length; i++) {
      if (i / inner % size == 0) {
        divide(values, i, size, inner, order);
      }
    }
    DType dtype = x.dtype() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32;
    Tensor result = Tensor.zeros(dtype, x.shape());
    result.fill(i -> values[i]);
    return result;
  }

  private static void divide(double[] values, int from, int count, int stride, double order) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      double size = Math.abs(values[from + i * stride]);
      sum =
          Double.isInfinite(order)
              ? Math.max(sum, size)
              : sum + (order == 2 ? size * size : Math.pow(size, order));
    }
    double length =
        Double.isInfinite(order) ? sum : order == 2 ? Math.sqrt(sum) : Math.pow(sum, 1 / order);
    for (int i = 0; i < count && length > 0; i++) {
      values[from + i * stride] /= length;
    }
  }

  /// Sequences as int32 of shape (sequences, greatest length), with zeros before the shorter ones.
  public static Tensor padSequences(List<int[]> sequences) {
    return padSequences(sequences, pad -> pad);
  }

  /// The same with options: `padSequences(texts, pad -> pad.maxlen(80).padding(POST))`.
  public static Tensor padSequences(List<int[]> sequences, UnaryOperator<PadSequences> options) {
    return options.apply(PadSequences.DEFAULTS).apply(sequences);
  }
}
