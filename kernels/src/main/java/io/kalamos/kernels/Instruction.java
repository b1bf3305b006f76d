package io.kalamos.kernels;

import io.kalamos.engine.Binary;
import io.kalamos.engine.Unary;

/// One step of a kernel's body; its operands are the positions of earlier steps.
public sealed interface Instruction {
  /// Reads an input, given by its number.
  record Load(int input) implements Instruction {
    @Override
    public int[] words() {
      return new int[] {LOAD, input, 0, 0};
    }
  }

  /// The same value everywhere.
  record Constant(float value) implements Instruction {
    @Override
    public int[] words() {
      return new int[] {CONSTANT, Float.floatToRawIntBits(value), 0, 0};
    }
  }

  /// A function of one value.
  record Map(Unary function, int a) implements Instruction {
    @Override
    public int[] words() {
      return new int[] {UNARY, function.ordinal(), a, 0};
    }
  }

  /// A function of two values.
  record Combine(Binary function, int a, int b) implements Instruction {
    @Override
    public int[] words() {
      return new int[] {BINARY, function.ordinal(), a, b};
    }
  }

  /// `a` where `condition` is not zero (NaN counts as not zero), else `b`.
  record Select(int condition, int a, int b) implements Instruction {
    @Override
    public int[] words() {
      return new int[] {SELECT, condition, a, b};
    }
  }

  /// Random numbers of [io.kalamos.engine.CounterRandom#uniform] at the element's global index
  /// `(firstRow + r) * columns
  /// + c`: `seed` is the number of a [KernelInput.Seed], `step` that of a `Scalar(INT32)`, and
  ///   `stream` tells apart the users of one seed.
  record Uniform(int seed, int step, int stream) implements Instruction {
    @Override
    public int[] words() {
      return new int[] {UNIFORM, seed, step, stream};
    }
  }

  /// The sum of a value along the row: one value per row, usable further on.
  record RowSum(int a) implements Instruction {
    @Override
    public int[] words() {
      return new int[] {ROW_SUM, a, 0, 0};
    }
  }

  /// The largest value of the row (NaN is passed over or kept, unspecified): one value per row.
  record RowMax(int a) implements Instruction {
    @Override
    public int[] words() {
      return new int[] {ROW_MAX, a, 0, 0};
    }
  }

  /// The number of the column, from 0: compare it with a label per row for a one-hot matrix.
  record ColumnIndex() implements Instruction {
    @Override
    public int[] words() {
      return new int[] {COLUMN_INDEX, 0, 0, 0};
    }
  }

  int LOAD = 0;
  int CONSTANT = 1;
  int UNARY = 2;
  int BINARY = 3;
  int SELECT = 4;
  int UNIFORM = 5;
  int ROW_SUM = 6;
  int ROW_MAX = 7;
  int COLUMN_INDEX = 8;

  /// The instruction as four words - kind and operands - which is what compilers and caches read.
  int[] words();
}
