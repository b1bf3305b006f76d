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

/// The machine code against plain loops, over small whole numbers, whose sums are exact.
class TransposedProductTest {
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
    "35, 127, 513",
  })
  void computesWhatPlainLoopsDo(int m, int k, int n) {
    assumeTrue(Compilers.machine());
    check(new TransposedProduct(m, k, n));
  }

  @Test
  void otherSizesHaveNoCode() {
    assertFalse(new TransposedProduct(15, 64, 512).fits());
    assertFalse(new TransposedProduct(64, 63, 512).fits());
    assertFalse(new TransposedProduct(64, 64, 511).fits());
    assertFalse(new TransposedProduct(32, 1_000_000, 600).fits());
    assertFalse(Compilers.PORTABLE.compiles(new TransposedProduct(64, 64, 512)));
  }

  private static void check(TransposedProduct product) {
    assertTrue(Compilers.BEST.compiles(product));
    Random random = new Random(11);
    try (Arena arena = Arena.ofConfined()) {
      Memory a = numbers(arena, random, product.m() * product.k());
      Memory b = numbers(arena, random, product.k() * product.n());
      Memory c = Memory.of(arena, DType.FLOAT32, product.m() * product.n());
      long[] inputs = {a.address(), b.address()};
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
            sum += left[i * product.k() + s] * right[j * product.k() + s];
          }
          float expected = sum;
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

  private static Memory numbers(Arena arena, Random random, int size) {
    Memory memory = Memory.of(arena, DType.FLOAT32, size);
    for (int i = 0; i < size; i++) {
      memory.set(i, random.nextInt(9) - 4);
    }
    return memory;
  }
}
