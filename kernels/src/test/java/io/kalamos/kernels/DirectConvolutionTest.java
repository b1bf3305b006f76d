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
class DirectConvolutionTest {
  /// Some roundings of float32 in sums of up to 64 products.
  private static final double ERROR = 2e-5;

  @ParameterizedTest
  @CsvSource({
    // pictures, height, width, channels, kernel, top, left, filters, places, bias, relu
    "3, 28, 28, 1, 3, 3, 1, 1, 12, 28, 28, true, true",
    "3, 28, 28, 1, 3, 3, 0, 0, 8, 26, 26, true, true",
    "2, 28, 28, 1, 5, 5, 2, 2, 64, 28, 28, true, false",
    "2, 11, 13, 1, 3, 2, 0, 1, 5, 9, 12, false, true",
    "1, 9, 2, 1, 3, 1, 1, 0, 1, 9, 2, true, true",
    "2, 7, 6, 1, 1, 1, 0, 0, 16, 7, 6, false, false",
    "2, 32, 32, 3, 3, 3, 1, 1, 32, 32, 32, true, true",
    "2, 10, 9, 3, 4, 3, 1, 1, 7, 9, 9, true, true",
    "1, 12, 23, 4, 3, 5, 1, 2, 20, 12, 23, true, true",
    "1, 8, 17, 2, 3, 3, 2, 2, 50, 10, 19, false, true",
    "1, 6, 5, 1, 3, 3, 4, 3, 3, 12, 11, true, true",
    "1, 8, 40, 1, 2, 9, 0, 0, 40, 3, 11, true, false",
    "1, 1, 1, 1, 1, 1, 0, 0, 17, 1, 1, true, true",
    "1, 3, 3, 1, 3, 3, 5, 5, 9, 3, 3, true, true",
    "0, 28, 28, 1, 3, 3, 1, 1, 12, 28, 28, true, true",
    "2, 5, 5, 1, 3, 3, 0, 0, 8, 3, 3, true, true",
    "2, 5, 5, 1, 3, 3, 1, 1, 2, 5, 5, false, false",
    "1, 7, 9, 1, 2, 3, 0, 0, 7, 6, 7, true, true",
    "1, 4, 21, 1, 1, 1, 0, 0, 4, 4, 21, true, false",
  })
  void computesTheDefinition(
      int pictures,
      int height,
      int width,
      int channels,
      int kernelHeight,
      int kernelWidth,
      int top,
      int left,
      int filters,
      int places,
      int placesAcross,
      boolean bias,
      boolean relu) {
    assumeTrue(Compilers.machine());
    var shape =
        new DirectConvolution(
            height,
            width,
            channels,
            kernelHeight,
            kernelWidth,
            top,
            left,
            filters,
            places,
            placesAcross,
            bias,
            relu);
    assertTrue(Compilers.BEST.compiles(shape));
    check(pictures, shape);
  }

  /// Blocks overlap, or a row has but one, in many ways.
  @Test
  void computesShapesOfAllKinds() {
    assumeTrue(Compilers.machine());
    Random random = new Random(9);
    for (int i = 0; i < 400; i++) {
      int channels = random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 1;
      int kernelHeight = 1 + random.nextInt(4);
      int kernelWidth = 1 + random.nextInt(4);
      var shape =
          new DirectConvolution(
              1 + random.nextInt(12),
              1 + random.nextInt(20),
              channels,
              kernelHeight,
              kernelWidth,
              random.nextInt(3),
              random.nextInt(3),
              1 + random.nextInt(random.nextBoolean() ? 9 : 64),
              1 + random.nextInt(12),
              2 + random.nextInt(20),
              random.nextBoolean(),
              random.nextBoolean());
      if (Compilers.BEST.compiles(shape)) {
        check(1 + random.nextInt(2), shape);
      }
    }
  }

  private static void check(int pictures, DirectConvolution shape) {
    int filters = shape.filters();
    int line = shape.width() * shape.channels();
    Random random = new Random(7);
    try (Arena arena = Arena.ofConfined()) {
      Memory x = Memory.of(arena, DType.FLOAT32, pictures * shape.height() * line);
      for (int i = 0; i < x.size(); i++) {
        boolean ink = i % line > line / 2 && i / line % shape.height() > shape.height() / 3;
        x.set(i, ink && random.nextInt(3) > 0 ? (float) random.nextGaussian() : 0);
      }
      Memory kernel = numbers(arena, random, shape.taps() * filters);
      Memory b = numbers(arena, random, filters);
      Memory y =
          Memory.of(
              arena, DType.FLOAT32, pictures * shape.places() * shape.placesAcross() * filters);
      long[] inputs =
          shape.bias()
              ? new long[] {x.address(), kernel.address(), b.address()}
              : new long[] {x.address(), kernel.address()};
      try (var convolution =
          Compilers.BEST.directConvolution(shape, inputs, new long[] {y.address()}, pictures)) {
        convolution.run();
        convolution.run();
      }
      y.assertGuards(shape.toString());
      for (int i = 0; i < y.size(); i++) {
        int at = i;
        double sum =
            sum(shape, x, i / filters, kernel, i % filters)
                + (shape.bias() ? b.get(i % filters) : 0);
        double expected = shape.relu() ? Math.max(0, sum) : sum;
        assertEquals(expected, y.get(i), ERROR, () -> shape + " at " + at);
      }
    }
  }

  /// Of the place `at`, counted through all pictures.
  private static double sum(DirectConvolution shape, Memory x, int at, Memory kernel, int filter) {
    int picture = at / (shape.places() * shape.placesAcross());
    int top = at / shape.placesAcross() % shape.places() - shape.top();
    int left = at % shape.placesAcross() - shape.left();
    double sum = 0;
    for (int i = 0; i < shape.kernelHeight(); i++) {
      for (int j = 0; j < shape.kernelWidth(); j++) {
        int row = top + i;
        int column = left + j;
        if (row < 0 || row >= shape.height() || column < 0 || column >= shape.width()) {
          continue;
        }
        int pixel = ((picture * shape.height() + row) * shape.width() + column) * shape.channels();
        int tap = (i * shape.kernelWidth() + j) * shape.channels();
        for (int c = 0; c < shape.channels(); c++) {
          sum += (double) x.get(pixel + c) * kernel.get((tap + c) * shape.filters() + filter);
        }
      }
    }
    return sum;
  }

  @Test
  void whatIsNoNumberStays() {
    assumeTrue(Compilers.machine());
    var shape = square(6, 1, 3, 8);
    try (Arena arena = Arena.ofConfined()) {
      float[] pixels = new float[36];
      pixels[0] = Float.NaN;
      Memory x = Memory.floats(arena, pixels);
      Memory kernel = numbers(arena, new Random(8), 9 * 8);
      Memory bias = Memory.floats(arena, new float[8]);
      Memory y = Memory.of(arena, DType.FLOAT32, 36 * 8);
      long[] inputs = {x.address(), kernel.address(), bias.address()};
      try (var code =
          Compilers.BEST.directConvolution(shape, inputs, new long[] {y.address()}, 1)) {
        code.run();
      }
      for (int f = 0; f < 8; f++) {
        assertTrue(Double.isNaN(y.get(f)), "under the window");
        assertEquals(0, y.get(35 * 8 + f), "far away");
      }
    }
  }

  @Test
  void isTakenForFewChannels() {
    assertTrue(square(28, 1, 3, 64).fits());
    assertTrue(square(28, 4, 3, 64).fits());
    assertFalse(square(28, 5, 3, 16).fits(), "many channels");
    assertFalse(square(28, 1, 3, 65).fits(), "many filters");
    assertFalse(square(28, 1, 9, 16).fits(), "large kernel");
    assertFalse(square(400, 1, 3, 16).fits(), "large pictures");
    assertFalse(square(1, 1, 1, 8).fits(), "one place where two are wanted");
    assertFalse(Compilers.PORTABLE.compiles(square(28, 1, 3, 64)));
  }

  private static DirectConvolution square(int size, int channels, int kernel, int filters) {
    int padding = kernel / 2;
    return new DirectConvolution(
        size, size, channels, kernel, kernel, padding, padding, filters, size, size, true, true);
  }

  private static Memory numbers(Arena arena, Random random, int size) {
    Memory memory = Memory.of(arena, DType.FLOAT32, size);
    for (int i = 0; i < size; i++) {
      memory.set(i, (float) random.nextGaussian());
    }
    return memory;
  }
}
