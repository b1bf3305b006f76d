package io.kalamos.onednn;

import io.kalamos.engine.Shape;
import java.util.Arrays;
import java.util.List;

/// A part of a larger value: some elements of each axis. Axes that can be walked in one go are
/// merged, so that the library sees as few as possible.
///
/// @param start element at which the part begins
/// @param dims of the part, merged
/// @param strides in elements of the whole
record Region(long start, long[] dims, long[] strides) {
  /// @param from first element of each axis
  /// @param rows of the part's first axis, which may be a thread's share of it
  static Region of(Shape whole, List<Integer> from, Shape part, long rows) {
    long[] dims = new long[whole.rank()];
    long[] strides = new long[whole.rank()];
    long start = 0;
    int rank = 0;
    for (int axis = 0; axis < whole.rank(); axis++) {
      long stride = whole.product(axis + 1, whole.rank());
      long size = axis == 0 ? rows : part.dim(axis);
      start += from.get(axis) * stride;
      boolean joins = rank > 0 && part.dim(axis) == whole.dim(axis);
      if (joins) {
        dims[rank - 1] *= size;
        strides[rank - 1] = stride;
      } else {
        dims[rank] = size;
        strides[rank++] = stride;
      }
    }
    return new Region(start, Arrays.copyOf(dims, rank), Arrays.copyOf(strides, rank));
  }

  /// The part within the whole.
  Md of(Scope scope, DataType type) {
    return Md.strided(scope, type, dims, strides);
  }

  /// The part in memory of its own.
  Md alone(Scope scope, DataType type) {
    return Md.of(scope, type, dims);
  }
}
