package io.kalamos.onednn;

import io.kalamos.engine.DType;
import io.kalamos.engine.Reduce;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;

/// Repetition and reduction along arbitrary axes, element by element: the slow, general loop for
/// what no kernel or primitive covers.
final class Strided {
  private Strided() {}

  /// Writes every element of `to` from the element of `from` that repeats to it.
  static void broadcast(Tensor from, Tensor to) {
    long[] strides = strides(from.shape(), to.shape());
    int[] sizes = to.shape().toArray();
    for (long i = 0; i < to.size(); i++) {
      to.set(i, from.get(offset(i, sizes, strides)));
    }
  }

  /// Reduces `from` into `to`, whose reduced axes have size 1.
  static void reduce(Reduce.Kind kind, Tensor from, Tensor to) {
    long[] strides = strides(to.shape(), from.shape());
    int[] sizes = from.shape().toArray();
    double[] results = new double[Math.toIntExact(to.size())];
    java.util.Arrays.fill(
        results,
        switch (kind) {
          case SUM -> 0;
          case MAX -> Double.NEGATIVE_INFINITY;
        });
    for (long i = 0; i < from.size(); i++) {
      int at = (int) offset(i, sizes, strides);
      results[at] =
          switch (kind) {
            case SUM -> results[at] + from.get(i);
            case MAX -> Math.max(results[at], from.get(i));
          };
    }
    for (int i = 0; i < results.length; i++) {
      to.set(i, results[i]);
    }
  }

  /// Strides over `small` for each axis of `large`, 0 where an axis repeats.
  private static long[] strides(Shape small, Shape large) {
    long[] strides = new long[large.rank()];
    int missing = large.rank() - small.rank();
    for (int axis = missing; axis < strides.length; axis++) {
      boolean repeats = small.dim(axis - missing) == 1;
      strides[axis] = repeats ? 0 : small.product(axis - missing + 1, small.rank());
    }
    return strides;
  }

  private static long offset(long index, int[] sizes, long[] strides) {
    long rest = index;
    long offset = 0;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      offset += rest % sizes[axis] * strides[axis];
      rest /= sizes[axis];
    }
    return offset;
  }

  /// Memory at an address as a tensor.
  @SuppressWarnings("restricted")
  static Tensor at(long address, DType type, Shape shape) {
    return Tensor.view(
        type,
        shape,
        java.lang.foreign.MemorySegment.ofAddress(address)
            .reinterpret(shape.size() * type.bytes()));
  }
}
