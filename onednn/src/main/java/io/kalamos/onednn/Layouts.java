package io.kalamos.onednn;

import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Shape;
import java.util.List;

/// Keras's order of axes in the library's terms: everything row-major, pictures channels-last,
/// kernels (height, width, channels, filters).
final class Layouts {
  private Layouts() {}

  static DataType type(DType type) {
    return switch (type) {
      case FLOAT32 -> DataType.F32;
      case BFLOAT16 -> DataType.BF16;
      case FLOAT64 -> DataType.F64;
      case INT32 -> DataType.S32;
      case UINT8 -> DataType.U8;
    };
  }

  /// A matrix of (rows, columns), or its transpose read from the same memory.
  static Md matrix(Scope scope, DType type, long rows, long columns, boolean transposed) {
    return transposed
        ? Md.strided(scope, type(type), new long[] {columns, rows}, new long[] {1, columns})
        : Md.of(scope, type(type), rows, columns);
  }

  /// So many matrices of (rows, columns) one behind the other, each transposed or not.
  static Md matrices(
      Scope scope, DType type, long count, long rows, long columns, boolean transposed) {
    long size = rows * columns;
    return transposed
        ? Md.strided(
            scope, type(type), new long[] {count, columns, rows}, new long[] {size, 1, columns})
        : Md.of(scope, type(type), count, rows, columns);
  }

  /// Pictures (batch, height, width, channels), `rows` of them.
  static Md pictures(Scope scope, DType type, Shape shape, long rows) {
    return Md.channelsLast(scope, type(type), rows, shape.dim(3), shape.dim(1), shape.dim(2));
  }

  /// A kernel as the library names its dims: ([groups,] filters, channels, height, width).
  static Md kernel(Scope scope, DType type, Shape shape, int groups) {
    long height = shape.dim(0);
    long width = shape.dim(1);
    long channels = shape.dim(2);
    long filters = shape.dim(3);
    long[] strides = {1, filters, width * channels * filters, channels * filters};
    if (groups == 1) {
      return Md.strided(scope, type(type), new long[] {filters, channels, height, width}, strides);
    }
    long each = filters / groups;
    return Md.strided(
        scope,
        type(type),
        new long[] {groups, each, channels, height, width},
        new long[] {each, strides[0], strides[1], strides[2], strides[3]});
  }

  /// The same dims in the layout of the library's choice.
  static Md any(Scope scope, Md md) {
    return Md.any(scope, md.type(), md.dims());
  }

  static Window window(io.kalamos.engine.Window window) {
    return new Window(
        List.of(window.strideHeight(), window.strideWidth()),
        List.of(window.dilationHeight(), window.dilationWidth()),
        List.of(window.top(), window.left()),
        List.of(window.bottom(), window.right()));
  }

  static List<Integer> size(io.kalamos.engine.Window window) {
    return List.of(window.height(), window.width());
  }

  static long channels(Node node) {
    return node.shape().dim(-1);
  }
}
