package io.kalamos.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kalamos.engine.DType;
import java.lang.foreign.Arena;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The machine code against the definition in double precision.
class MaskedProductTest {
  /// For each number that is summed up: it may be as large as 4 · 4.
  private static final double ERROR = 1e-6;

  @ParameterizedTest
  @CsvSource({
    // m, k, n, share of the results that are wanted
    "64, 128, 1568, 0.5",
    "5, 64, 64, 1",
    "7, 150, 150, 0.4",
    "3, 200, 785, 0.1",
    "1, 256, 100, 0.6",
    "9, 65, 130, 0",
    "2, 241, 127, 0.03",
  })
  void computesTheDefinition(int m, int k, int n, double share) {
    assumeTrue(Compilers.machine());
    MaskedProduct product = new MaskedProduct(m, k, n);
    assertTrue(Compilers.BEST.compiles(product));
    Random random = new Random(5);
    try (Arena arena = Arena.ofConfined()) {
      Memory a = numbers(arena, random, m * k);
      Memory b = numbers(arena, random, n * k);
      Memory mask = Memory.of(arena, DType.FLOAT32, m * n);
      for (int i = 0; i < m * n; i++) {
        mask.set(i, random.nextDouble() < share ? random.nextFloat() + 1e-3f : -random.nextInt(2));
      }
      mask.set(0, Float.NaN);
      Memory c = Memory.of(arena, DType.FLOAT32, m * n);
      long[] inputs = {a.address(), b.address(), mask.address()};
      try (var kernel = Compilers.BEST.maskedProduct(product, inputs, new long[] {c.address()})) {
        kernel.run();
        kernel.run();
      }
      c.assertGuards(product.toString());
      for (int i = 0; i < m * n; i++) {
        double sum = 0;
        for (int j = 0; j < k && mask.get(i) > 0; j++) {
          sum += (double) a.get(i / n * k + j) * b.get(i % n * k + j);
        }
        int at = i;
        assertEquals(sum, c.get(i), k * ERROR, () -> product + " at " + at);
      }
    }
  }

  @Test
  void isTakenForWideRows() {
    assertTrue(new MaskedProduct(1, 64, 64).fits());
    assertFalse(new MaskedProduct(0, 64, 64).fits(), "no rows");
    assertFalse(new MaskedProduct(9, 63, 64).fits(), "little to sum up");
    assertFalse(new MaskedProduct(9, 257, 64).fits(), "more than the registers hold");
    assertFalse(new MaskedProduct(9, 64, 63).fits(), "few results");
    assertFalse(new MaskedProduct(1 << 23, 64, 64).fits(), "more than 2 GiB");
    assertFalse(Compilers.PORTABLE.compiles(new MaskedProduct(9, 64, 64)));
  }

  private static Memory numbers(Arena arena, Random random, int size) {
    Memory memory = Memory.of(arena, DType.FLOAT32, size);
    for (int i = 0; i < size; i++) {
      memory.set(i, (float) random.nextGaussian());
    }
    return memory;
  }
}
