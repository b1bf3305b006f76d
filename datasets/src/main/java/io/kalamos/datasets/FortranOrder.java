package io.kalamos.datasets;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import java.lang.foreign.MemorySegment;

/// Brings elements whose first axis runs fastest into row-major order.
final class FortranOrder {
  private FortranOrder() {}

  /// Whether both orders are the same, since at most one axis is longer than 1.
  static boolean isRowMajor(Shape shape) {
    int longer = 0;
    for (int size : shape.toArray()) {
      longer += size > 1 ? 1 : 0;
    }
    return longer < 2 || shape.size() == 0;
  }

  /// A copy in row-major order.
  static Tensor rowMajor(Tensor tensor) {
    Shape shape = tensor.shape();
    int rank = shape.rank();
    long[] strides = new long[rank];
    for (int axis = 0; axis < rank; axis++) {
      strides[axis] = shape.product(0, axis);
    }
    Tensor result = Tensor.zeros(tensor.dtype(), shape);
    int[] index = new int[rank];
    long from = 0;
    for (long to = 0; to < tensor.size(); to++) {
      copy(tensor, from, result, to);
      for (int axis = rank - 1; axis >= 0; axis--) {
        from += strides[axis];
        if (++index[axis] < shape.dim(axis)) {
          break;
        }
        from -= strides[axis] * shape.dim(axis);
        index[axis] = 0;
      }
    }
    return result;
  }

  private static void copy(Tensor tensor, long from, Tensor result, long to) {
    MemorySegment source = tensor.memory();
    MemorySegment target = result.memory();
    switch (tensor.dtype()) {
      case UINT8 -> target.set(JAVA_BYTE, to, source.get(JAVA_BYTE, from));
      case FLOAT32, INT32 ->
          target.set(JAVA_INT_UNALIGNED, to * 4, source.get(JAVA_INT_UNALIGNED, from * 4));
      case FLOAT64 ->
          target.set(JAVA_LONG_UNALIGNED, to * 8, source.get(JAVA_LONG_UNALIGNED, from * 8));
      case BFLOAT16 -> throw new IllegalStateException("NumPy has no " + tensor.dtype());
    }
  }
}
