package io.kalamos.kernels;

import io.kalamos.engine.DType;

/// A result in native memory; it may be the very memory of an input of the same shape and type, but
/// must not overlap one otherwise.
public sealed interface KernelOutput {
  /// Writes `value` to element `[r * columns + c]`, as float32 or bfloat16 (rounded to nearest
  /// even).
  record Full(DType type, int value) implements KernelOutput {
    @Override
    public int[] words() {
      return new int[] {FULL, type.ordinal(), value, 0};
    }
  }

  /// Writes `value`, which must not depend on the column, to element `[r]`.
  record Row(DType type, int value) implements KernelOutput {
    @Override
    public int[] words() {
      return new int[] {ROW, type.ordinal(), value, 0};
    }
  }

  /// The sum of `value` over the rows of the call, as `float[columns]`: overwrites the memory or,
  /// if `accumulate`, adds to it. The order of the additions depends on the shape alone.
  record ColumnSum(int value, boolean accumulate) implements KernelOutput {
    @Override
    public int[] words() {
      return new int[] {COLUMN_SUM, DType.FLOAT32.ordinal(), value, accumulate ? 1 : 0};
    }
  }

  int FULL = 0;
  int ROW = 1;
  int COLUMN_SUM = 2;

  /// The output as four words - kind, element type, value, accumulate.
  int[] words();
}
