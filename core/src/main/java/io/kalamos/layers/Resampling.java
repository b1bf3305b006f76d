package io.kalamos.layers;

import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;

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
    Tensor matrix = Tensor.zeros(DType.FLOAT64, Shape.of(size, parts));
    for (int part = 0; part < parts; part++) {
      int from = part * size / parts;
      int to = ((part + 1) * size + parts - 1) / parts;
      for (int i = from; i < to; i++) {
        matrix.set((long) i * parts + part, 1.0 / (to - from));
      }
    }
    return matrix;
  }
}
