package io.kalamos.layers;

import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.options.GraphLimit;

/// Pictures whose rows and columns are weighted sums of other rows and columns: two products with
/// constant matrices.
final class Resampling {
  private Resampling() {}

  /// Pictures (batch, height, width, channels) by matrices (height, rows) and (width, columns).
  static Node of(Node x, Tensor heights, Tensor widths) {
    Node channelsFirst = Ops.transpose(x, 0, 3, 1, 2);
    Node wide = times(channelsFirst, widths);
    Node high = times(Ops.transpose(wide, 0, 1, 3, 2), heights);
    return Ops.transpose(high, 0, 3, 2, 1);
  }

  private static Node times(Node x, Tensor matrix) {
    int size = matrix.shape().dim(0);
    Shape shape = x.shape();
    Shape rows = Shape.of(Math.toIntExact(shape.size() / size), size);
    Node product = Ops.matmul(Ops.reshape(x, rows), Ops.constant(matrix.cast(x.dtype())));
    return Ops.reshape(product, shape.with(-1, matrix.shape().dim(1)));
  }

  /// The means of `parts` parts of an axis, which overlap where they do not divide it.
  static Tensor means(int size, int parts) {
    Tensor matrix = GraphLimit.zeros(DType.FLOAT64, Shape.of(size, parts));
    for (int part = 0; part < parts; part++) {
      int from = part * size / parts;
      int to = ((part + 1) * size + parts - 1) / parts;
      for (int i = from; i < to; i++) {
        matrix.set((long) i * parts + part, 1.0 / (to - from));
      }
    }
    return matrix;
  }

  /// So many rows and columns in the middle.
  static Node middle(Node x, int height, int width) {
    int top = (x.shape().dim(1) - height) / 2;
    int left = (x.shape().dim(2) - width) / 2;
    return Ops.slice(Ops.slice(x, 1, top, top + height), 2, left, left + width);
  }

  /// The largest part in the middle with the proportions of height to width.
  static Node proportional(Node x, int height, int width) {
    int rows = x.shape().dim(1);
    int columns = x.shape().dim(2);
    int keptRows = Math.max(1, Math.min(rows, (int) ((double) columns * height / width)));
    int keptColumns = Math.max(1, Math.min(columns, (int) ((double) rows * width / height)));
    return middle(x, keptRows, keptColumns);
  }

  /// The picture with as many pixels of one value on two opposite sides as make its proportions
  /// those of height to width.
  static Node padded(Node x, int height, int width, double value) {
    int rows = x.shape().dim(1);
    int columns = x.shape().dim(2);
    int vertical = (Math.max(rows, (int) ((double) columns * height / width)) - rows) / 2;
    int horizontal =
        vertical > 0
            ? 0
            : (Math.max(columns, (int) ((double) rows * width / height)) - columns) / 2;
    int[] around = {0, vertical, horizontal, 0};
    Node shifted = value == 0 ? x : Ops.subtract(x, value);
    Node padded = Ops.pad(shifted, around, around);
    return value == 0 ? padded : Ops.add(padded, value);
  }
}
