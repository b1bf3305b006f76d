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
class KernelGradientTest {
  @ParameterizedTest
  @CsvSource({
    // pictures, height, width, channels, kernel, strides, top, left, filters, places
    "3, 28, 28, 12, 6, 6, 2, 2, 2, 2, 24, 14, 14",
    "3, 14, 14, 24, 6, 6, 2, 2, 2, 2, 32, 7, 7",
    "2, 12, 13, 22, 3, 3, 1, 1, 1, 1, 16, 12, 13",
    "0, 9, 8, 24, 3, 3, 1, 1, 0, 0, 9, 7, 6",
    "1, 9, 8, 17, 3, 4, 2, 1, 0, 1, 11, 4, 6",
    "2, 10, 11, 18, 5, 4, 3, 2, 1, 0, 40, 2, 4",
    "2, 7, 6, 72, 1, 1, 2, 3, 0, 0, 13, 3, 2",
    "2, 6, 5, 32, 2, 2, 1, 1, 1, 1, 9, 7, 6",
  })
  void computesWhatPlainLoopsDo(
      int pictures,
      int height,
      int width,
      int channels,
      int kernelHeight,
      int kernelWidth,
      int strideHeight,
      int strideWidth,
      int top,
      int left,
      int filters,
      int places,
      int placesAcross) {
    assumeTrue(Compilers.machine());
    check(
        pictures,
        new KernelGradient(
            height,
            width,
            channels,
            kernelHeight,
            kernelWidth,
            strideHeight,
            strideWidth,
            top,
            left,
            filters,
            places,
            placesAcross));
  }

  @Test
  void otherSizesHaveNoCode() {
    assertFalse(square(28, 16, 3, 32).fits(), "whole vectors");
    assertFalse(square(28, 12, 3, 24).fits(), "few pixels in a row");
    assertFalse(square(28, 24, 3, 4).fits(), "few filters");
    assertFalse(square(50, 24, 3, 24).fits(), "wide pictures");
    assertFalse(square(46, 22, 3, 24).fits(), "large pictures");
    assertFalse(square(14, 40, 5, 100).fits(), "many sums");
    assertFalse(Compilers.PORTABLE.compiles(square(28, 24, 3, 24)));
  }

  private static KernelGradient square(int size, int channels, int kernel, int filters) {
    return new KernelGradient(
        size, size, channels, kernel, kernel, 1, 1, 1, 1, filters, size, size);
  }

  private static void check(int pictures, KernelGradient shape) {
    assertTrue(Compilers.BEST.compiles(shape), shape.toString());
    Random random = new Random(11);
    int size = shape.kernelHeight() * shape.kernelWidth() * shape.channels() * shape.filters();
    int places = shape.places() * shape.placesAcross();
    try (Arena arena = Arena.ofConfined()) {
      Memory x =
          numbers(arena, random, pictures * shape.height() * shape.width() * shape.channels());
      Memory gradient = numbers(arena, random, pictures * places * shape.filters());
      Memory sums = Memory.of(arena, DType.FLOAT32, size);
      long[] inputs = {x.address(), gradient.address()};
      long[] outputs = {sums.address()};
      try (var kernel = Compilers.BEST.kernelGradient(shape, inputs, outputs, pictures)) {
        kernel.run();
        kernel.run();
      }
      float[] expected = expected(pictures, shape, x.toArray(), gradient.toArray());
      for (int i = 0; i < size; i++) {
        int at = i;
        assertEquals(expected[i], sums.get(i), () -> shape + " at " + at);
      }
      sums.assertGuards("gradient of " + shape);
    }
  }

  private static float[] expected(int pictures, KernelGradient shape, float[] x, float[] gradient) {
    float[] sums =
        new float[shape.kernelHeight() * shape.kernelWidth() * shape.channels() * shape.filters()];
    int at = 0;
    for (int picture = 0; picture < pictures; picture++) {
      for (int i = 0; i < shape.places(); i++) {
        for (int j = 0; j < shape.placesAcross(); j++) {
          for (int f = 0; f < shape.filters(); f++) {
            add(shape, x, picture, i, j, f, gradient[at++], sums);
          }
        }
      }
    }
    return sums;
  }

  private static void add(
      KernelGradient shape, float[] x, int picture, int i, int j, int f, float by, float[] sums) {
    for (int k = 0; k < shape.kernelHeight(); k++) {
      int row = i * shape.strideHeight() + k - shape.top();
      for (int l = 0; l < shape.kernelWidth(); l++) {
        int column = j * shape.strideWidth() + l - shape.left();
        if (row < 0 || row >= shape.height() || column < 0 || column >= shape.width()) {
          continue;
        }
        for (int c = 0; c < shape.channels(); c++) {
          int pixel = ((picture * shape.height() + row) * shape.width() + column);
          int element = (k * shape.kernelWidth() + l) * shape.channels() + c;
          sums[element * shape.filters() + f] += x[pixel * shape.channels() + c] * by;
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
