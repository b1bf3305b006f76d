package io.kalamos.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kalamos.engine.DType;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The machine code against the definition in double precision.
class WinogradTest {
  /// Of the largest result, or of a usual one where all are small: some roundings of float32.
  private static final double ERROR = 5e-6;

  @ParameterizedTest
  @CsvSource({
    // pictures, height, width, channels, kernel, stride, top, left, filters, places, bias, relu
    "5, 28, 28, 12, 6, 6, 2, 2, 2, 24, 14, 14, true, true",
    "21, 14, 14, 24, 6, 6, 2, 2, 2, 32, 7, 7, true, false",
    "1, 26, 26, 8, 3, 3, 1, 0, 0, 16, 24, 24, false, true",
    "2, 16, 16, 32, 3, 3, 1, 1, 1, 32, 16, 16, true, true",
    "1, 40, 41, 64, 3, 3, 1, 1, 1, 64, 40, 41, false, false",
    "3, 9, 8, 17, 3, 3, 1, 1, 0, 40, 8, 7, true, true",
    "9, 4, 5, 33, 3, 2, 1, 0, 1, 50, 3, 6, true, false",
    "2, 11, 13, 5, 5, 4, 2, 1, 2, 7, 5, 7, true, true",
    "2, 19, 17, 3, 9, 8, 3, 4, 3, 20, 7, 6, false, false",
    "1, 6, 6, 40, 3, 3, 1, 1, 1, 129, 6, 6, true, true",
    "0, 6, 6, 40, 3, 3, 1, 1, 1, 16, 6, 6, true, true",
    "30, 2, 2, 16, 3, 3, 1, 1, 1, 16, 2, 2, true, true",
    "2, 5, 5, 16, 3, 3, 1, 4, 4, 16, 11, 11, true, true",
  })
  void computesTheDefinition(
      int pictures,
      int height,
      int width,
      int channels,
      int kernelHeight,
      int kernelWidth,
      int stride,
      int top,
      int left,
      int filters,
      int places,
      int placesAcross,
      boolean bias,
      boolean relu) {
    assumeTrue(Compilers.machine());
    check(
        pictures,
        new WinogradConvolution(
            height,
            width,
            channels,
            kernelHeight,
            kernelWidth,
            stride,
            top,
            left,
            filters,
            places,
            placesAcross,
            bias,
            relu));
  }

  @ParameterizedTest
  @CsvSource({
    // pictures, height, width, channels, stride, top, left, filters, places
    "5, 28, 28, 12, 2, 2, 2, 24, 14, 14",
    "9, 14, 14, 24, 2, 2, 2, 32, 7, 7",
    "3, 10, 11, 40, 1, 1, 1, 16, 10, 11",
    "2, 9, 6, 17, 1, 0, 2, 20, 7, 6",
    "2, 15, 18, 3, 3, 3, 0, 19, 4, 4",
    "2, 12, 9, 5, 3, 0, 3, 8, 3, 3",
    "1, 14, 14, 9, 2, 0, 4, 21, 5, 7",
  })
  void computesTheGradientOfPictures(
      int pictures,
      int height,
      int width,
      int channels,
      int stride,
      int top,
      int left,
      int filters,
      int places,
      int placesAcross) {
    assumeTrue(Compilers.machine());
    int taps = 3 * stride;
    WinogradConvolution convolution =
        new WinogradConvolution(
            height,
            width,
            channels,
            taps,
            taps,
            stride,
            top,
            left,
            filters,
            places,
            placesAcross,
            false,
            false);
    assertTrue(convolution.inSquares());
    Random random = new Random(12);
    try (Arena arena = Arena.ofConfined()) {
      Memory upstream = numbers(arena, random, pictures * places * placesAcross * filters);
      Memory kernel = numbers(arena, random, taps * taps * channels * filters);
      double[] expected = new double[pictures * height * width * channels];
      int at = 0;
      for (int picture = 0; picture < pictures; picture++) {
        for (int i = 0; i < places; i++) {
          for (int j = 0; j < placesAcross; j++) {
            for (int f = 0; f < filters; f++) {
              spread(convolution, expected, picture, i, j, kernel, f, upstream.get(at++));
            }
          }
        }
      }
      check(
          arena,
          pictures,
          WinogradConvolution.gradient(convolution),
          new Operands(upstream, inSquares(arena, convolution, kernel), null),
          expected);
    }
  }

  private static void spread(
      WinogradConvolution shape,
      double[] gradient,
      int picture,
      int i,
      int j,
      Memory kernel,
      int f,
      double upstream) {
    for (int k = 0; k < shape.kernelHeight(); k++) {
      for (int l = 0; l < shape.kernelWidth(); l++) {
        int row = i * shape.stride() - shape.top() + k;
        int column = j * shape.stride() - shape.left() + l;
        if (row < 0 || row >= shape.height() || column < 0 || column >= shape.width()) {
          continue;
        }
        int pixel = ((picture * shape.height() + row) * shape.width() + column) * shape.channels();
        int tap = (k * shape.kernelWidth() + l) * shape.channels();
        for (int c = 0; c < shape.channels(); c++) {
          gradient[pixel + c] += upstream * kernel.get((tap + c) * shape.filters() + f);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    // pictures, height, width, channels, kernel, stride, top, left, filters, places
    "5, 28, 28, 12, 6, 6, 2, 2, 2, 24, 14, 14",
    "9, 14, 14, 24, 6, 6, 2, 2, 2, 32, 7, 7",
    "3, 26, 26, 8, 3, 3, 1, 0, 0, 16, 24, 24",
    "2, 16, 16, 32, 3, 3, 1, 1, 1, 32, 16, 16",
    "1, 40, 41, 64, 3, 3, 1, 1, 1, 64, 40, 41",
    "3, 9, 8, 17, 3, 3, 1, 1, 0, 40, 8, 7",
    "9, 4, 5, 34, 3, 3, 1, 0, 1, 52, 3, 6",
    "2, 11, 13, 6, 5, 6, 2, 1, 2, 7, 5, 7",
    "2, 19, 17, 3, 9, 8, 3, 4, 3, 20, 7, 6",
    "1, 6, 6, 40, 3, 3, 1, 1, 1, 129, 6, 6",
    "0, 6, 6, 40, 3, 3, 1, 1, 1, 16, 6, 6",
    "30, 2, 2, 16, 3, 3, 1, 1, 1, 16, 2, 2",
    "17, 1, 1, 16, 3, 3, 1, 1, 1, 8, 1, 1",
    "2, 5, 5, 16, 3, 3, 1, 4, 4, 16, 11, 11",
  })
  void computesTheGradientOfKernels(
      int pictures,
      int height,
      int width,
      int channels,
      int kernelHeight,
      int kernelWidth,
      int stride,
      int top,
      int left,
      int filters,
      int places,
      int placesAcross) {
    assumeTrue(Compilers.machine());
    var shape =
        new WinogradConvolution(
            height,
            width,
            channels,
            kernelHeight,
            kernelWidth,
            stride,
            top,
            left,
            filters,
            places,
            placesAcross,
            false,
            false);
    checkKernelGradient(pictures, shape);
  }

  /// Tiles of all sizes, and results that end anywhere.
  @Test
  void computesShapesOfAllKinds() {
    assumeTrue(Compilers.machine());
    Random random = new Random(15);
    for (int i = 0; i < 150; i++) {
      int stride = 1 + random.nextInt(3);
      var shape =
          new WinogradConvolution(
              1 + random.nextInt(15),
              1 + random.nextInt(15),
              2 + random.nextInt(19),
              2 * stride + 1 + random.nextInt(stride),
              2 * stride + 1 + random.nextInt(stride),
              stride,
              random.nextInt(4),
              random.nextInt(4),
              1 + random.nextInt(40),
              1 + random.nextInt(14),
              1 + random.nextInt(14),
              random.nextBoolean(),
              random.nextBoolean());
      check(random.nextInt(7), shape);
      checkKernelGradient(random.nextInt(7), shape);
    }
  }

  private static void checkKernelGradient(int pictures, WinogradConvolution shape) {
    int places = shape.places() * shape.placesAcross();
    int size = shape.kernelHeight() * shape.kernelWidth() * shape.channels() * shape.filters();
    Random random = new Random(14);
    try (Arena arena = Arena.ofConfined()) {
      int pixels = shape.height() * shape.width() * shape.channels();
      Memory x = numbers(arena, random, pictures * pixels);
      Memory upstream = numbers(arena, random, pictures * places * shape.filters());
      Memory kernel = Memory.of(arena, DType.FLOAT32, size);
      Memory scratch = Memory.of(arena, DType.FLOAT32, (int) (shape.gradientScratchBytes() / 4));
      long[] inputs = {x.address(), upstream.address(), scratch.address()};
      long[] outputs = {kernel.address()};
      try (var code = Compilers.BEST.winogradKernelGradient(shape, inputs, outputs, pictures)) {
        code.run();
        code.run();
      }
      kernel.assertGuards(shape.toString());
      scratch.assertGuards("scratch memory of " + shape);
      double[] expected = kernelGradient(pictures, shape, x, upstream);
      double usual = Math.sqrt(pictures * places);
      double largest = Arrays.stream(expected).map(Math::abs).reduce(usual, Math::max);
      for (int i = 0; i < expected.length; i++) {
        int at = i;
        assertEquals(expected[i], kernel.get(i), 2 * ERROR * largest, () -> shape + " at " + at);
      }
    }
  }

  private static double[] kernelGradient(
      int pictures, WinogradConvolution shape, Memory x, Memory upstream) {
    int filters = shape.filters();
    int line = shape.channels() * filters;
    double[] sums = new double[shape.kernelHeight() * shape.kernelWidth() * line];
    int at = 0;
    for (int picture = 0; picture < pictures; picture++) {
      for (int i = 0; i < shape.places(); i++) {
        for (int j = 0; j < shape.placesAcross(); j++) {
          for (int tap = 0; tap < shape.kernelHeight() * shape.kernelWidth(); tap++) {
            int row = i * shape.stride() - shape.top() + tap / shape.kernelWidth();
            int column = j * shape.stride() - shape.left() + tap % shape.kernelWidth();
            if (row < 0 || row >= shape.height() || column < 0 || column >= shape.width()) {
              continue;
            }
            int pixel = (picture * shape.height() + row) * shape.width() + column;
            for (int c = 0; c < shape.channels(); c++) {
              for (int f = 0; f < filters; f++) {
                sums[tap * line + c * filters + f] +=
                    (double) x.get(pixel * shape.channels() + c) * upstream.get(at + f);
              }
            }
          }
          at += filters;
        }
      }
    }
    return sums;
  }

  /// A kernel as (3, 3, filters, rows of a square, columns of a square, channels).
  private static Memory inSquares(Arena arena, WinogradConvolution shape, Memory kernel) {
    Memory ordered = Memory.of(arena, DType.FLOAT32, kernel.size());
    int stride = shape.stride();
    int at = 0;
    for (int place = 0; place < 9; place++) {
      for (int f = 0; f < shape.filters(); f++) {
        for (int row = 0; row < stride; row++) {
          for (int column = 0; column < stride; column++) {
            int down = place / 3 * stride + row;
            int across = place % 3 * stride + column;
            int tap = (down * shape.kernelWidth() + across) * shape.channels();
            for (int c = 0; c < shape.channels(); c++) {
              ordered.set(at++, kernel.get((tap + c) * shape.filters() + f));
            }
          }
        }
      }
    }
    return ordered;
  }

  /// Twice the error of the definition in float32 at most, on average.
  @Test
  void roundsAlmostAsTheDefinition() {
    assumeTrue(Compilers.machine());
    WinogradConvolution shape = square(16, 64, 3, 1, 32);
    Random random = new Random(13);
    try (Arena arena = Arena.ofConfined()) {
      Memory x = numbers(arena, random, 16 * 16 * 64);
      Memory kernel = numbers(arena, random, 9 * 64 * 32);
      Memory bias = Memory.floats(arena, new float[32]);
      double[] exact = expected(1, shape, x, kernel, bias);
      Memory y = results(arena, 1, shape, new Operands(x, kernel, bias), exact.length);
      double tiles = 0;
      double sums = 0;
      for (int i = 0; i < exact.length; i++) {
        tiles += Math.pow(y.get(i) - exact[i], 2);
        int place = i / 32;
        double rounded =
            Math.max(0, sum(shape, x, 0, place / 16, place % 16, kernel, i % 32, true));
        sums += Math.pow(rounded - exact[i], 2);
      }
      double ratio = Math.sqrt(tiles / sums);
      assertTrue(0.1 < ratio && ratio < 2.2, () -> "error " + ratio + " times as large");
    }
  }

  @Test
  void isTakenWhereItIsFaster() {
    assertTrue(square(28, 32, 3, 1, 32).fits(1000));
    assertTrue(square(28, 12, 6, 2, 24).fits(1000));
    assertTrue(square(28, 12, 5, 2, 24).fits(1000));
    assertTrue(square(14, 24, 6, 2, 32).fits(32));
    assertFalse(square(14, 24, 6, 2, 32).fits(1), "kernels of one picture");
    assertFalse(square(14, 24, 6, 2, 32).fits(0), "no pictures");
    assertFalse(square(1, 24, 6, 2, 32).fits(1000), "no results");
    assertFalse(square(28, 1, 3, 1, 12).fits(1000), "one channel");
    assertFalse(square(28, 12, 7, 2, 24).fits(1000), "large kernel");
    assertFalse(square(28, 12, 4, 2, 24).fits(1000), "small kernel");
    assertFalse(square(28, 32, 3, 2, 32).fits(1000), "smaller than the stride's squares");
    assertFalse(square(28, 32, 1, 1, 32).fits(1000), "no window");
    assertFalse(square(28, 512, 3, 1, 512).fits(1000), "many weights");
    assertFalse(square(600, 64, 3, 1, 64).fits(1000), "wide pictures");
    assertFalse(Compilers.PORTABLE.compiles(square(28, 32, 3, 1, 32), 1000));
  }

  @Test
  void givesTheGradientOfKernelsWhereItIsFaster() {
    assertTrue(square(28, 12, 6, 2, 24).fitsKernelGradient(32));
    assertTrue(square(28, 32, 3, 1, 32).fitsKernelGradient(16));
    assertFalse(square(28, 12, 6, 2, 24).fitsKernelGradient(1), "taps of one picture");
    assertFalse(square(28, 12, 6, 2, 24).fitsKernelGradient(0), "no pictures");
    assertFalse(square(28, 1, 3, 1, 12).fitsKernelGradient(1000), "one channel");
    assertFalse(square(14, 128, 3, 1, 128).fitsKernelGradient(1000), "many sums");
    assertFalse(
        WinogradConvolution.gradient(square(28, 32, 3, 1, 32)).fitsKernelGradient(1000),
        "turned kernels");
    assertFalse(Compilers.PORTABLE.compilesKernelGradient(square(28, 32, 3, 1, 32), 1000));
  }

  private static WinogradConvolution square(
      int size, int channels, int kernel, int stride, int filters) {
    int places = size / stride;
    int padding = (kernel - stride) / 2;
    return new WinogradConvolution(
        size, size, channels, kernel, kernel, stride, padding, padding, filters, places, places,
        true, true);
  }

  private record Operands(Memory pictures, Memory kernel, Memory bias) {}

  private static void check(int pictures, WinogradConvolution shape) {
    Random random = new Random(11);
    int size = shape.kernelHeight() * shape.kernelWidth() * shape.channels() * shape.filters();
    int pixels = shape.height() * shape.width() * shape.channels();
    try (Arena arena = Arena.ofConfined()) {
      Memory x = numbers(arena, random, pictures * pixels);
      Memory kernel = numbers(arena, random, size);
      Memory bias = numbers(arena, random, shape.filters());
      double[] expected = expected(pictures, shape, x, kernel, bias);
      check(arena, pictures, shape, new Operands(x, kernel, bias), expected);
    }
  }

  private static void check(
      Arena arena, int pictures, WinogradConvolution shape, Operands operands, double[] expected) {
    Memory y = results(arena, pictures, shape, operands, expected.length);
    double largest = Math.sqrt(shape.kernelHeight() * shape.kernelWidth() * shape.channels());
    for (double value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < expected.length; i++) {
      int at = i;
      assertEquals(expected[i], y.get(i), ERROR * largest, () -> shape + " at " + at);
    }
  }

  private static Memory results(
      Arena arena, int pictures, WinogradConvolution shape, Operands operands, int size) {
    Memory kernels = Memory.of(arena, DType.FLOAT32, (int) (shape.kernelBytes() / 4));
    Memory scratch = Memory.of(arena, DType.FLOAT32, (int) (shape.scratchBytes() / 4));
    Memory y = Memory.of(arena, DType.FLOAT32, size);
    long kernel = operands.kernel.address();
    try (var transform = Compilers.BEST.winogradKernels(shape, kernel, kernels.address())) {
      transform.run();
    }
    long x = operands.pictures.address();
    long[] inputs =
        shape.bias()
            ? new long[] {x, kernels.address(), scratch.address(), operands.bias.address()}
            : new long[] {x, kernels.address(), scratch.address()};
    try (var convolution =
        Compilers.BEST.winograd(shape, inputs, new long[] {y.address()}, pictures)) {
      convolution.run();
      convolution.run();
    }
    y.assertGuards(shape.toString());
    kernels.assertGuards("kernels of " + shape);
    scratch.assertGuards("scratch memory of " + shape);
    return y;
  }

  private static double[] expected(
      int pictures, WinogradConvolution shape, Memory x, Memory kernel, Memory bias) {
    double[] results =
        new double[pictures * shape.places() * shape.placesAcross() * shape.filters()];
    int at = 0;
    for (int picture = 0; picture < pictures; picture++) {
      for (int i = 0; i < shape.places(); i++) {
        for (int j = 0; j < shape.placesAcross(); j++) {
          for (int f = 0; f < shape.filters(); f++) {
            double sum = sum(shape, x, picture, i, j, kernel, f, false);
            sum += shape.bias() ? bias.get(f) : 0;
            results[at++] = shape.relu() ? Math.max(0, sum) : sum;
          }
        }
      }
    }
    return results;
  }

  private static double sum(
      WinogradConvolution shape,
      Memory x,
      int picture,
      int i,
      int j,
      Memory kernel,
      int f,
      boolean rounded) {
    double sum = 0;
    for (int k = 0; k < shape.kernelHeight(); k++) {
      for (int l = 0; l < shape.kernelWidth(); l++) {
        int row = i * shape.stride() - shape.top() + k;
        int column = j * shape.stride() - shape.left() + l;
        if (row < 0 || row >= shape.height() || column < 0 || column >= shape.width()) {
          continue;
        }
        int pixel = ((picture * shape.height() + row) * shape.width() + column) * shape.channels();
        int tap = (k * shape.kernelWidth() + l) * shape.channels();
        for (int c = 0; c < shape.channels(); c++) {
          sum += (double) x.get(pixel + c) * kernel.get((tap + c) * shape.filters() + f);
          sum = rounded ? (float) sum : sum;
        }
      }
    }
    return sum;
  }

  private static Memory numbers(Arena arena, Random random, int size) {
    Memory memory = Memory.of(arena, DType.FLOAT32, size);
    for (int i = 0; i < size; i++) {
      memory.set(i, (float) random.nextGaussian());
    }
    return memory;
  }
}
