package io.kalamos.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kalamos.engine.BFloat16;
import io.kalamos.engine.DType;
import java.lang.foreign.Arena;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The machine code against plain loops. Numbers are small multiples of 1/8, so that sums are exact
/// in any order and equal windows occur.
class PooledConvolutionTest {
  private static final int PICTURES = 3;

  @ParameterizedTest
  @CsvSource({
    // height, width, kernel, top and left, filters, pooled
    "28, 28, 5, 5, 2, 2, 64, 14, 14",
    "28, 28, 5, 5, 0, 0, 64, 12, 12",
    "28, 28, 3, 3, 0, 0, 32, 13, 13",
    "9, 7, 3, 3, 1, 1, 16, 4, 3",
    "7, 16, 1, 1, 0, 0, 48, 3, 8",
    "12, 33, 3, 7, 1, 3, 80, 6, 16",
    "8, 40, 2, 4, 0, 1, 128, 4, 19",
  })
  void computesWhatPlainLoopsDo(
      int height,
      int width,
      int kernelHeight,
      int kernelWidth,
      int top,
      int left,
      int filters,
      int pooledHeight,
      int pooledWidth) {
    assumeTrue(Compilers.machine());
    for (boolean narrow : new boolean[] {false, true}) {
      var shape =
          new PooledConvolution(
              height,
              width,
              kernelHeight,
              kernelWidth,
              top,
              left,
              filters,
              pooledHeight,
              pooledWidth,
              narrow);
      assertTrue(Compilers.BEST.compiles(shape));
      try (Arena arena = Arena.ofConfined()) {
        new Case(shape, arena).check();
      }
    }
  }

  @Test
  void whatIsNoNumberStaysSo() {
    assumeTrue(Compilers.machine());
    for (boolean narrow : new boolean[] {false, true}) {
      var shape = new PooledConvolution(4, 4, 1, 1, 0, 0, 16, 2, 2, narrow);
      try (Arena arena = Arena.ofConfined()) {
        Case pictures = new Case(shape, arena);
        pictures.bias.set(3, Float.intBitsToFloat(0x7FFFFFFF));
        pictures.forward();
        assertTrue(Float.isNaN(pictures.pooled.get(3)));
        assertFalse(Float.isNaN(pictures.pooled.get(4)));
      }
    }
  }

  /// What is left out shows: zeros times infinity would be undefined.
  @Test
  void blankWindowsAreNotMultiplied() {
    assumeTrue(Compilers.machine());
    var shape = new PooledConvolution(8, 8, 3, 3, 1, 1, 16, 4, 4, false);
    try (Arena arena = Arena.ofConfined()) {
      Case pictures = new Case(shape, arena);
      for (int i = 0; i < pictures.x.size(); i++) {
        pictures.x.set(i, 0);
      }
      for (int i = 0; i < pictures.kernel.size(); i++) {
        pictures.kernel.set(i, Float.POSITIVE_INFINITY);
      }
      pictures.forward();
      for (int i = 0; i < pictures.pooled.size(); i++) {
        assertEquals(Math.max(0, pictures.bias.get(i % 16)), pictures.pooled.get(i));
      }
    }
  }

  @Test
  void otherSizesHaveNoCode() {
    assertFalse(sizes(28, 3, 24).fits(), "filters that fill no vectors");
    assertFalse(sizes(28, 6, 16).fits(), "more sums than registers");
    assertFalse(sizes(400, 3, 16).fits(), "pictures beyond the cache");
    assertFalse(Compilers.PORTABLE.compiles(sizes(28, 3, 16)));
  }

  private static PooledConvolution sizes(int size, int kernel, int filters) {
    int pooled = (size - kernel + 1) / 2;
    return new PooledConvolution(size, size, kernel, kernel, 0, 0, filters, pooled, pooled, false);
  }

  private static final class Case {
    private final PooledConvolution shape;
    private final Random random = new Random(7);
    private final Memory x;
    private final Memory kernel;
    private final Memory bias;
    private final Memory pooled;
    private final Memory winners;
    private final Memory upstream;
    private final Memory kernelGradient;
    private final Memory biasGradient;

    Case(PooledConvolution shape, Arena arena) {
      this.shape = shape;
      int results = PICTURES * shape.pooledSize();
      x = numbers(arena, PICTURES * shape.height() * shape.width());
      blank();
      kernel = numbers(arena, shape.taps() * shape.filters());
      bias = numbers(arena, shape.filters());
      DType type = shape.narrow() ? DType.BFLOAT16 : DType.FLOAT32;
      upstream = numbers(arena, results, type);
      pooled = Memory.of(arena, type, results);
      winners = Memory.of(arena, DType.UINT8, results);
      kernelGradient = Memory.of(arena, DType.FLOAT32, kernel.size());
      biasGradient = Memory.of(arena, DType.FLOAT32, bias.size());
    }

    /// The second picture holds one pixel, the third one a lower right corner.
    private void blank() {
      int size = shape.height() * shape.width();
      for (int i = size; i < x.size(); i++) {
        int row = i % size / shape.width();
        int column = i % shape.width();
        boolean corner = row > shape.height() / 2 && column > shape.width() / 2;
        boolean kept = i < 2 * size ? i == size + size / 3 : corner;
        x.set(i, kept ? x.get(i) : 0);
      }
    }

    private Memory numbers(Arena arena, int size) {
      return numbers(arena, size, DType.FLOAT32);
    }

    private Memory numbers(Arena arena, int size, DType type) {
      Memory memory = Memory.of(arena, type, size);
      for (int i = 0; i < size; i++) {
        memory.set(i, (random.nextInt(9) - 4) / 8f);
      }
      return memory;
    }

    void forward() {
      long[] inputs = {x.address(), kernel.address(), bias.address()};
      long[] outputs = {pooled.address(), winners.address()};
      try (var forward = Compilers.BEST.pooledConvolution(shape, inputs, outputs, PICTURES)) {
        forward.run();
        forward.run();
      }
    }

    void check() {
      forward();
      long[] given = {x.address(), winners.address(), upstream.address()};
      long[] sums = {kernelGradient.address(), biasGradient.address()};
      try (var back = Compilers.BEST.pooledConvolutionGradient(shape, given, sums, PICTURES)) {
        back.run();
        back.run();
      }
      float[] kernelSums = new float[kernel.size()];
      float[] biasSums = new float[bias.size()];
      for (int result = 0; result < pooled.size(); result++) {
        result(result, kernelSums, biasSums);
      }
      for (int i = 0; i < kernelSums.length; i++) {
        assertEquals(kernelSums[i], kernelGradient.get(i), "gradient of kernel element " + i);
      }
      for (int i = 0; i < biasSums.length; i++) {
        assertEquals(biasSums[i], biasGradient.get(i), "gradient of bias " + i);
      }
      pooled.assertGuards("results");
      winners.assertGuards("winners");
      kernelGradient.assertGuards("gradient of the kernel");
      biasGradient.assertGuards("gradient of the bias");
    }

    private void result(int result, float[] kernelSums, float[] biasSums) {
      int filter = result % shape.filters();
      int place = result / shape.filters();
      int column = 2 * (place % shape.pooledWidth());
      int line = place / shape.pooledWidth();
      int row = 2 * (line % shape.pooledHeight());
      int picture = line / shape.pooledHeight();
      float best = Float.NEGATIVE_INFINITY;
      int winner = 0;
      for (int w = 0; w < 4; w++) {
        float sum = bias.get(filter);
        for (int tap = 0; tap < shape.taps(); tap++) {
          float pixel = pixel(picture, row + w / 2, column + w % 2, tap);
          sum += pixel * kernel.get(tap * shape.filters() + filter);
        }
        if (sum > best) {
          best = sum;
          winner = w;
        }
      }
      boolean dead = best <= 0;
      float expected = dead ? 0 : best;
      assertEquals(
          shape.narrow() ? BFloat16.toFloat(BFloat16.fromFloat(expected)) : expected,
          pooled.get(result),
          "result " + result);
      if (!dead) {
        float gradient = upstream.get(result);
        biasSums[filter] += gradient;
        for (int tap = 0; tap < shape.taps(); tap++) {
          float pixel = pixel(picture, row + winner / 2, column + winner % 2, tap);
          kernelSums[tap * shape.filters() + filter] += pixel * gradient;
        }
      }
    }

    private float pixel(int picture, int row, int column, int tap) {
      int y = row + tap / shape.kernelWidth() - shape.top();
      int z = column + tap % shape.kernelWidth() - shape.left();
      boolean inside = y >= 0 && y < shape.height() && z >= 0 && z < shape.width();
      return inside ? x.get((picture * shape.height() + y) * shape.width() + z) : 0;
    }
  }
}
