package io.kalamos.kernels;

/// An operand in native memory, described by how its address depends on row `r` and column `c` of
/// the iteration space.
public sealed interface Input {
  /// Element `[r * columns + c]`.
  record Full(ElementType type) implements Input {
    @Override
    public int[] words() {
      return new int[] {FULL, type.ordinal(), -1};
    }
  }

  /// Element `[index[r] * columns + c]`; `index` is the number of a `Row(INT32)` input, whose
  /// values are not checked against the size of the array.
  record Gathered(ElementType type, int index) implements Input {
    @Override
    public int[] words() {
      return new int[] {GATHERED, type.ordinal(), index};
    }
  }

  /// Element `[c]`.
  record Column(ElementType type) implements Input {
    @Override
    public int[] words() {
      return new int[] {COLUMN, type.ordinal(), -1};
    }
  }

  /// Element `[r]`.
  record Row(ElementType type) implements Input {
    @Override
    public int[] words() {
      return new int[] {ROW, type.ordinal(), -1};
    }
  }

  /// One element, read anew by every run.
  record Scalar(ElementType type) implements Input {
    @Override
    public int[] words() {
      return new int[] {SCALAR, type.ordinal(), -1};
    }
  }

  /// Two int32 words, low then high: the seed of [Instruction.Uniform].
  record Seed() implements Input {
    @Override
    public int[] words() {
      return new int[] {SEED, ElementType.INT32.ordinal(), -1};
    }
  }

  int FULL = 0;
  int GATHERED = 1;
  int COLUMN = 2;
  int ROW = 3;
  int SCALAR = 4;
  int SEED = 5;

  /// The input as three words - kind, element type, index input or -1 - which is what compilers and
  /// caches read.
  int[] words();
}
