package io.kalamos.kernels;

import io.kalamos.engine.DType;

/// An operand in native memory, described by how its address depends on row `r` and column `c` of
/// the iteration space. Types: float32, bfloat16, uint8 and int32; within a kernel every value is a
/// float32.
public sealed interface KernelInput {
  /// Element `[r * columns + c]`.
  record Full(DType type) implements KernelInput {
    @Override
    public int[] words() {
      return new int[] {FULL, type.ordinal(), -1};
    }
  }

  /// Element `[index[r] * columns + c]`; `index` is the number of a `Row(INT32)` input, whose
  /// values are not checked against the size of the array.
  record Gathered(DType type, int index) implements KernelInput {
    @Override
    public int[] words() {
      return new int[] {GATHERED, type.ordinal(), index};
    }
  }

  /// Element `[r * stride + c]`: neighbouring columns of a wider array.
  record Strided(DType type, int stride) implements KernelInput {
    @Override
    public int[] words() {
      return new int[] {STRIDED, type.ordinal(), stride};
    }
  }

  /// Element `[c]`.
  record Column(DType type) implements KernelInput {
    @Override
    public int[] words() {
      return new int[] {COLUMN, type.ordinal(), -1};
    }
  }

  /// Element `[r]`.
  record Row(DType type) implements KernelInput {
    @Override
    public int[] words() {
      return new int[] {ROW, type.ordinal(), -1};
    }
  }

  /// One element, read anew by every run.
  record Scalar(DType type) implements KernelInput {
    @Override
    public int[] words() {
      return new int[] {SCALAR, type.ordinal(), -1};
    }
  }

  /// One int64 (two words, low then high): the seed of [Instruction.Uniform].
  record Seed() implements KernelInput {
    @Override
    public int[] words() {
      return new int[] {SEED, DType.INT32.ordinal(), -1};
    }
  }

  int FULL = 0;
  int GATHERED = 1;
  int COLUMN = 2;
  int ROW = 3;
  int SCALAR = 4;
  int SEED = 5;
  int STRIDED = 6;

  /// The input as three words - kind, element type, index input or stride or -1 - which is what
  /// compilers and caches read.
  int[] words();
}
