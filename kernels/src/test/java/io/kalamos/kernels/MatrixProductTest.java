package io.kalamos.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kalamos.engine.DType;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The machine code against plain loops, over small whole numbers, whose sums are exact.
class MatrixProductTest {
  @ParameterizedTest
  @CsvSource({
    // m, k, n
    "64, 128, 1024",
    "64, 128, 545",
    "16, 64, 512",
    "57, 65, 541",
    "43, 129, 768",
    "33, 150, 523",
    "30, 261, 785",
    "35, 161, 513",
    "64, 784, 150",
    "784, 64, 150",
    "64, 150, 10",
    "15, 17, 33",
    "14, 3, 16",
    "1, 1, 1",
    "2, 321, 257",
  })
  void computesWhatPlainLoopsDo(int m, int k, int n) {
    assumeTrue(Compilers.machine());
    MatrixProduct plain = MatrixProduct.of(m, k, n);
    check(plain);
    check(plain.withTransposedA());
    check(plain.withTransposedB());
    check(plain.withTransposedA().withTransposedB());
    check(plain.withRowsApart(k + 3));
    check(plain.withTransposedA().withRowsApart(m + 5));
    for (var ending : MatrixProduct.Ending.values()) {
      check(plain.ending(ending));
      check(plain.withTransposedA().withTransposedB().ending(ending));
      check(plain.withBlanks().withRowsApart(k + 3).ending(ending));
      check(plain.withTransposedA().withTransposedB().withBlanks().ending(ending));
      check(plain.withTransposedA().withRowsApart(m + 5).withBlanks().ending(ending));
    }
  }

  /// Rows picked from data, some of them twice, and columns from the third on.
  @ParameterizedTest
  @CsvSource({
    "64, 128, 150",
    "57, 65, 541",
    "30, 261, 785",
    "64, 784, 150",
    "784, 64, 10",
    "65, 784, 10",
    "23, 83, 12",
    "9, 40, 5",
    "6, 16, 1",
    "7, 100, 2",
    "5, 48, 9",
    "8, 30, 3",
    "3, 20, 7",
    "15, 17, 33",
    "1, 1, 1",
    "2, 321, 257",
  })
  void readsPickedRowsOfData(int m, int k, int n) {
    assumeTrue(Compilers.machine());
    for (DType type : List.of(DType.UINT8, DType.FLOAT32)) {
      var picked = new MatrixProduct.Picked(type, type == DType.UINT8 ? 0.5f : 1);
      MatrixProduct plain = MatrixProduct.of(m, k, n);
      checkPicked(plain.picking(picked, k + 5));
      checkPicked(plain.ending(MatrixProduct.Ending.BIAS).picking(picked, k + 5));
      checkPicked(plain.ending(MatrixProduct.Ending.BIAS_RELU).picking(picked, k + 5));
      checkPicked(plain.withTransposedA().picking(picked, m + 5));
    }
  }

  private static void checkPicked(MatrixProduct product) {
    assertTrue(Compilers.BEST.compiles(product));
    Random random = new Random(3);
    DType type = product.picked().type();
    int rows = product.rowsPicked();
    int row = product.apart();
    try (Arena arena = Arena.ofConfined()) {
      Memory data = Memory.of(arena, type, (rows + 2) * row);
      for (int i = 0; i < data.size(); i++) {
        data.set(i, random.nextInt(3) > 0 ? 0 : random.nextInt(5));
      }
      Memory numbers = Memory.of(arena, DType.INT32, rows);
      for (int i = 0; i < rows; i++) {
        numbers.set(i, random.nextInt(rows + 2));
      }
      Memory b = numbers(arena, random, product.k() * product.n());
      Memory bias = numbers(arena, random, product.n());
      Memory c = Memory.of(arena, DType.FLOAT32, product.m() * product.n());
      long start = data.address() + 2L * type.bytes();
      boolean ends = product.ending().bias();
      long[] inputs =
          ends
              ? new long[] {start, numbers.address(), b.address(), bias.address()}
              : new long[] {start, numbers.address(), b.address()};
      try (var kernel = Compilers.BEST.product(product, inputs, new long[] {c.address()})) {
        kernel.run();
        kernel.run();
      }
      for (int i = 0; i < product.m(); i++) {
        for (int j = 0; j < product.n(); j++) {
          float sum = 0;
          for (int s = 0; s < product.k(); s++) {
            int from = (int) numbers.get(product.transposeA() ? s : i);
            int column = product.transposeA() ? i : s;
            float x = data.get(from * row + 2 + column) * product.picked().scale();
            sum += x * b.get(s * product.n() + j);
          }
          float ended = ends ? sum + bias.get(j) : sum;
          float expected = product.ending().relu() ? Math.max(0, ended) : ended;
          int at = i * product.n() + j;
          assertEquals(expected, c.get(at), () -> product + " at " + at);
        }
      }
      c.assertGuards("result of " + product);
    }
  }

  /// What is left out shows: zeros times infinity would be undefined.
  @Test
  void blanksAreNotMultiplied() {
    assumeTrue(Compilers.machine());
    MatrixProduct plain = MatrixProduct.of(33, 80, 40).withBlanks();
    for (MatrixProduct product : List.of(plain, plain.withTransposedA())) {
      assertFalse(Compilers.BEST.skipsZeros(product));
      try (Arena arena = Arena.ofConfined()) {
        Memory a = Memory.of(arena, DType.FLOAT32, 33 * 80);
        Memory b = Memory.of(arena, DType.FLOAT32, 80 * 40);
        Memory c = Memory.of(arena, DType.FLOAT32, 33 * 40);
        for (int s = 0; s < 80; s++) {
          boolean blank = s % 3 != 0;
          for (int i = 0; i < 33; i++) {
            a.set(product.transposeA() ? s * 33 + i : i * 80 + s, blank ? 0 : 1);
          }
          for (int j = 0; j < 40; j++) {
            b.set(s * 40 + j, blank ? Float.POSITIVE_INFINITY : 2);
          }
        }
        long[] inputs = {a.address(), b.address()};
        try (var kernel = Compilers.BEST.product(product, inputs, new long[] {c.address()})) {
          kernel.run();
        }
        for (int i = 0; i < 33 * 40; i++) {
          assertEquals(27 * 2, c.get(i), product.toString());
        }
      }
    }
  }

  /// Single zeros are left out, in whatever rows and steps they are, and no bit of the sums
  /// changes.
  @ParameterizedTest
  @CsvSource({
    "64, 784, 150",
    "57, 65, 541",
    "17, 33, 64",
    "1, 100, 49",
    "1, 784, 150",
    "2, 70, 250",
    "33, 200, 208",
    "2, 17, 80",
    "70, 130, 128",
  })
  void zerosAreLeftOutOfTheSameSums(int m, int k, int n) {
    assumeTrue(Compilers.machine());
    MatrixProduct plain = MatrixProduct.of(m, k, n).withBlanks();
    var picked = new MatrixProduct.Picked(DType.FLOAT32, 0.3f);
    for (var ending : MatrixProduct.Ending.values()) {
      checkBits(plain.ending(ending));
      checkBits(plain.withTransposedA().ending(ending));
      checkBits(plain.withRowsApart(k + 3).ending(ending));
      checkBits(plain.ending(ending).picking(picked, k + 5));
      checkBits(plain.withTransposedA().ending(ending).picking(picked, m + 5));
    }
  }

  @Test
  void zerosAreNotLookedForInAFewRows() {
    assumeTrue(Compilers.machine());
    assertTrue(Compilers.BEST.skipsZeros(MatrixProduct.of(2, 100, 64).withBlanks()));
    assertFalse(Compilers.BEST.skipsZeros(MatrixProduct.of(3, 100, 64).withBlanks()));
    assertTrue(Compilers.BEST.skipsZeros(MatrixProduct.of(16, 100, 64).withBlanks()));
    assertFalse(Compilers.BEST.skipsZeros(MatrixProduct.of(16, 100, 48).withBlanks()));
    assertFalse(Compilers.BEST.skipsZeros(MatrixProduct.of(16, 100, 64)));
  }

  private static void checkBits(MatrixProduct product) {
    MachineCompiler compiler = (MachineCompiler) Compilers.BEST;
    assertTrue(compiler.skipsZeros(product), product.toString());
    Random random = new Random(17);
    try (Arena arena = Arena.ofConfined()) {
      int rows = product.transposeA() ? product.k() : product.m();
      int row = product.rowOfA() / Float.BYTES;
      Memory a = Memory.of(arena, DType.FLOAT32, rows * row);
      for (int i = 0; i < a.size(); i++) {
        a.set(i, random.nextInt(3) > 0 ? 0 : (float) random.nextGaussian());
      }
      Memory numbers = Memory.of(arena, DType.INT32, rows);
      for (int i = 0; i < rows; i++) {
        numbers.set(i, random.nextInt(rows));
      }
      Memory b = Memory.of(arena, DType.FLOAT32, product.k() * product.n());
      Memory bias = Memory.of(arena, DType.FLOAT32, product.n());
      for (Memory operand : List.of(b, bias)) {
        for (int i = 0; i < operand.size(); i++) {
          operand.set(i, (float) random.nextGaussian());
        }
      }
      LongStream.Builder inputs = LongStream.builder().add(a.address());
      if (product.picked() != null) {
        inputs.add(numbers.address());
      }
      inputs.add(b.address());
      if (product.ending().bias()) {
        inputs.add(bias.address());
      }
      long[] operands = inputs.build().toArray();
      Memory expected = Memory.of(arena, DType.FLOAT32, product.m() * product.n());
      Memory actual = Memory.of(arena, DType.FLOAT32, product.m() * product.n());
      try (var dense = compiler.dense(product, operands, new long[] {expected.address()});
          var sparse = compiler.sparse(product, operands, new long[] {actual.address()})) {
        dense.run();
        sparse.run();
        sparse.run();
      }
      actual.assertGuards("result of " + product);
      assertArrayEquals(expected.toArray(), actual.toArray(), product.toString());
    }
  }

  /// Where there are no zeros the other code takes over, and after a while they are looked for
  /// again: a zero times infinity, which only the first code leaves out, tells which one ran.
  @Test
  void zerosAreLookedForWhereThereAreSome() {
    assumeTrue(Compilers.machine());
    MatrixProduct product = MatrixProduct.of(28, 64, 64).withBlanks();
    try (Arena arena = Arena.ofConfined()) {
      Memory a = Memory.of(arena, DType.FLOAT32, 28 * 64);
      Memory b = Memory.of(arena, DType.FLOAT32, 64 * 64);
      Memory c = Memory.of(arena, DType.FLOAT32, 28 * 64);
      for (int i = 0; i < a.size(); i++) {
        a.set(i, 1);
      }
      for (int i = 0; i < b.size(); i++) {
        b.set(i, i < 64 ? Float.POSITIVE_INFINITY : 1);
      }
      a.set(0, 0);
      a.set(64, 0);
      long[] inputs = {a.address(), b.address()};
      try (var kernel = Compilers.BEST.product(product, inputs, new long[] {c.address()})) {
        kernel.run();
        assertEquals(63, c.get(0));
        for (int run = 0; run < 64; run++) {
          kernel.run();
          assertTrue(Float.isNaN(c.get(0)), "run " + run);
        }
        kernel.run();
        assertEquals(63, c.get(0));
      }
    }
  }

  @Test
  void otherSizesHaveNoCode() {
    assertFalse(MatrixProduct.of(0, 64, 512).fits());
    assertFalse(MatrixProduct.of(32, 1_000_000, 600).fits());
    assertFalse(Compilers.PORTABLE.compiles(MatrixProduct.of(64, 64, 512)));
  }

  private static void check(MatrixProduct product) {
    assertTrue(Compilers.BEST.compiles(product));
    Random random = new Random(11);
    try (Arena arena = Arena.ofConfined()) {
      int least = product.transposeA() ? product.m() : product.k();
      int rowOfA = product.apart() > 0 ? product.apart() : least;
      int rowsOfA = product.transposeA() ? product.k() : product.m();
      Memory a = numbers(arena, random, rowOfA * rowsOfA);
      if (product.blanks()) {
        blank(a, random, rowOfA, rowsOfA);
      }
      Memory b = numbers(arena, random, product.k() * product.n());
      Memory bias = numbers(arena, random, product.n());
      Memory c = Memory.of(arena, DType.FLOAT32, product.m() * product.n());
      boolean ends = product.ending().bias();
      long[] inputs =
          ends
              ? new long[] {a.address(), b.address(), bias.address()}
              : new long[] {a.address(), b.address()};
      try (var kernel = Compilers.BEST.product(product, inputs, new long[] {c.address()})) {
        kernel.run();
        kernel.run();
      }
      float[] left = a.toArray();
      float[] right = b.toArray();
      for (int i = 0; i < product.m(); i++) {
        for (int j = 0; j < product.n(); j++) {
          float sum = 0;
          for (int s = 0; s < product.k(); s++) {
            float from = left[product.transposeA() ? s * rowOfA + i : i * rowOfA + s];
            sum += from * right[product.transposeB() ? j * product.k() + s : s * product.n() + j];
          }
          float ended = ends ? sum + bias.get(j) : sum;
          float expected = product.ending().relu() ? Math.max(0, ended) : ended;
          int row = i;
          int column = j;
          assertEquals(
              expected,
              c.get(i * product.n() + j),
              () -> product + " at row " + row + ", column " + column);
        }
      }
      c.assertGuards("result of " + product);
    }
  }

  /// Most of a becomes zero, in patches as of paper around writing.
  private static void blank(Memory a, Random random, int columns, int rows) {
    for (int patch = 0; patch < 12; patch++) {
      int top = random.nextInt(rows);
      int bottom = Math.min(rows, top + 1 + random.nextInt(rows));
      int left = random.nextInt(columns);
      int right = Math.min(columns, left + 1 + random.nextInt(columns));
      for (int row = top; row < bottom; row++) {
        for (int column = left; column < right; column++) {
          a.set(row * columns + column, 0);
        }
      }
    }
  }

  private static Memory numbers(Arena arena, Random random, int size) {
    Memory memory = Memory.of(arena, DType.FLOAT32, size);
    for (int i = 0; i < size; i++) {
      memory.set(i, random.nextInt(9) - 4);
    }
    return memory;
  }
}
