package io.kalamos.kernels;

/// A result in native memory; it may be the very memory of an input of the same shape and type, but
/// must not overlap one otherwise.
public sealed interface Output {
  /// Writes `value` to element `[r * columns + c]`, as float32 or bfloat16.
  record Full(ElementType type, int value) implements Output {
    @Override
    public int[] words() {
      return new int[] {FULL, type.ordinal(), value, 0};
    }
  }

  /// Writes `value`, which must not depend on the column, to element `[r]`.
  record Row(ElementType type, int value) implements Output {
    @Override
    public int[] words() {
      return new int[] {ROW, type.ordinal(), value, 0};
    }
  }

  /// The sum of `value` over the rows of the call, as `float[columns]`: overwrites the memory or,
  /// if `accumulate`, adds to it. The order of the additions depends on the shape alone.
  record ColumnSum(int value, boolean accumulate) implements Output {
    @Override
    public int[] words() {
      return new int[] {COLUMN_SUM, ElementType.FLOAT32.ordinal(), value, accumulate ? 1 : 0};
    }
  }

  int FULL = 0;
  int ROW = 1;
  int COLUMN_SUM = 2;

  /// The output as four words - kind, element type, value, accumulate.
  int[] words();
}
