package io.kalamos.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.engine.BFloat16;
import io.kalamos.engine.Binary;
import io.kalamos.engine.CounterRandom;
import io.kalamos.engine.DType;
import io.kalamos.engine.Unary;
import java.lang.foreign.Arena;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What a kernel promises beside its arithmetic, for every compiler.
class KernelTest {
  private static final String COMPILERS = "io.kalamos.kernels.Compilers#all";
  private static final DType F32 = DType.FLOAT32;

  @ParameterizedTest
  @MethodSource(COMPILERS)
  void updatesMemoryInPlace(KernelCompiler compiler) {
    ProgramBuilder builder = KernelProgram.builder(1);
    int p = builder.full(F32);
    int m = builder.full(F32);
    int rate = builder.scalar(F32);
    int next = builder.combine(Binary.ADD, m, builder.combine(Binary.MULTIPLY, p, rate));
    builder.store(F32, builder.combine(Binary.SUBTRACT, p, next)).store(F32, next);
    Random random = new Random(1);
    for (int n = 0; n < 200; n++) {
      try (Arena arena = Arena.ofConfined()) {
        Memory first = random(arena, random, n);
        Memory second = random(arena, random, n);
        float[] p0 = first.toArray();
        float[] m0 = second.toArray();
        run(
            compiler.compile(builder.build()),
            n,
            0,
            new long[] {first.address(), second.address(), Memory.floats(arena, 0.5f).address()},
            first.address(),
            second.address());
        for (int i = 0; i < n; i++) {
          assertEquals(m0[i] + p0[i] * 0.5f, second.get(i));
          assertEquals(p0[i] - (m0[i] + p0[i] * 0.5f), first.get(i));
        }
        first.assertGuards("p");
        second.assertGuards("m");
      }
    }
  }

  @ParameterizedTest
  @MethodSource(COMPILERS)
  void gathersRowsOfBytes(KernelCompiler compiler) {
    for (int columns : new int[] {1, 3, 16, 62, 784}) {
      ProgramBuilder builder = KernelProgram.builder(columns);
      int value = builder.gathered(DType.UINT8);
      builder.store(F32, builder.combine(Binary.DIVIDE, value, builder.constant(255)));
      try (Arena arena = Arena.ofConfined()) {
        Memory pictures = Memory.of(arena, DType.UINT8, 9 * columns);
        for (int i = 0; i < pictures.size(); i++) {
          pictures.set(i, i * 37 % 256);
        }
        int[] index = {8, 0, 3, 3, 7};
        Memory result = Memory.of(arena, F32, index.length * columns);
        run(
            compiler.compile(builder.build()),
            index.length,
            0,
            new long[] {pictures.address(), Memory.ints(arena, index).address()},
            result.address());
        for (int i = 0; i < result.size(); i++) {
          int from = index[i / columns] * columns + i % columns;
          assertEquals(pictures.get(from) / 255, result.get(i));
        }
        result.assertGuards(columns + " columns");
      }
    }
  }

  @ParameterizedTest
  @MethodSource(COMPILERS)
  void drawsTheBitsOfTheCounterHoweverTheRowsAreSplit(KernelCompiler compiler) {
    long seed = 0xFEDCBA9876543210L;
    for (int columns : new int[] {1, 5, 12, 16, 50, 200}) {
      ProgramBuilder builder = KernelProgram.builder(columns);
      int key = builder.input(new KernelInput.Seed());
      int step = builder.input(new KernelInput.Scalar(DType.INT32));
      builder.store(F32, builder.uniform(key, step, 77));
      // a row operand changes the shape of the loops, not the bits
      builder.store(
          F32, builder.combine(Binary.ADD, builder.uniform(key, step, -5), builder.row(F32)));
      try (Arena arena = Arena.ofConfined()) {
        Memory words = Memory.ints(arena, (int) seed, (int) (seed >>> 32));
        Memory zeros = Memory.floats(arena, new float[64]);
        for (int[] part : new int[][] {{0, 40}, {0, 17}, {17, 23}, {39, 1}, {1 << 28, 3}}) {
          Memory a = Memory.of(arena, F32, part[1] * columns);
          Memory b = Memory.of(arena, F32, part[1] * columns);
          run(
              compiler.compile(builder.build()),
              part[1],
              part[0],
              new long[] {words.address(), Memory.ints(arena, 9).address(), zeros.address()},
              a.address(),
              b.address());
          for (int i = 0; i < a.size(); i++) {
            int index = part[0] * columns + i;
            assertEquals(CounterRandom.uniform(seed, 77, 9, index), a.get(i));
            assertEquals(CounterRandom.uniform(seed, -5, 9, index), b.get(i));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource(COMPILERS)
  void sumsColumns(KernelCompiler compiler) {
    Random random = new Random(2);
    for (int columns = 1; columns <= 200; columns += columns < 40 ? 1 : 40) {
      ProgramBuilder builder = KernelProgram.builder(columns);
      int x = builder.full(F32);
      builder.sumColumns(x, false).sumColumns(builder.combine(Binary.MULTIPLY, x, x), true);
      for (int rows : new int[] {0, 1, 2, 15, 16, 17, 70, 1000}) {
        try (Arena arena = Arena.ofConfined()) {
          Memory input = random(arena, random, rows * columns);
          Memory sums = random(arena, random, columns);
          Memory squares = random(arena, random, columns);
          float[] before = squares.toArray();
          Kernel kernel = compiler.compile(builder.build());
          long[] in = {input.address()};
          run(kernel, rows, 0, in, sums.address(), squares.address());
          for (int c = 0; c < columns; c++) {
            double sum = 0;
            double square = before[c];
            for (int r = 0; r < rows; r++) {
              sum += input.get(r * columns + c);
              square += Math.pow(input.get(r * columns + c), 2);
            }
            assertEquals(sum, sums.get(c), 1e-5 * (rows + 1));
            assertEquals(square, squares.get(c), 1e-5 * (rows + 1));
          }
          float[] first = sums.toArray();
          run(kernel, rows, 0, in, sums.address(), squares.address());
          assertArrayEquals(first, sums.toArray(), "the same bits again");
          sums.assertGuards("sums");
          squares.assertGuards("squares");
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource(COMPILERS)
  void computesSoftmaxLossAndGradient(KernelCompiler compiler) {
    for (int columns : new int[] {2, 10, 16, 62, 200}) {
      int rows = 33;
      ProgramBuilder builder = KernelProgram.builder(columns);
      int x = builder.full(F32);
      int label = builder.row(DType.INT32);
      int shifted = builder.combine(Binary.SUBTRACT, x, builder.rowMax(x));
      int e = builder.map(Unary.EXP, shifted);
      int sum = builder.rowSum(e);
      int hot = builder.combine(Binary.EQUAL, builder.columnIndex(), label);
      int p = builder.combine(Binary.DIVIDE, e, sum);
      int picked = builder.rowSum(builder.select(hot, shifted, builder.constant(0)));
      builder.store(F32, builder.combine(Binary.SUBTRACT, p, hot));
      builder.storeRow(F32, builder.combine(Binary.SUBTRACT, builder.map(Unary.LOG, sum), picked));
      try (Arena arena = Arena.ofConfined()) {
        Memory logits = random(arena, new Random(3), rows * columns);
        int[] labels = new Random(4).ints(rows, 0, columns).toArray();
        Memory gradient = Memory.of(arena, F32, rows * columns);
        Memory loss = Memory.of(arena, F32, rows);
        run(
            compiler.compile(builder.build()),
            rows,
            0,
            new long[] {logits.address(), Memory.ints(arena, labels).address()},
            gradient.address(),
            loss.address());
        for (int r = 0; r < rows; r++) {
          double total = 0;
          for (int c = 0; c < columns; c++) {
            total += Math.exp(logits.get(r * columns + c));
          }
          for (int c = 0; c < columns; c++) {
            double expected = Math.exp(logits.get(r * columns + c)) / total;
            expected -= c == labels[r] ? 1 : 0;
            assertEquals(expected, gradient.get(r * columns + c), 3e-7);
          }
          double expected = Math.log(total) - logits.get(r * columns + labels[r]);
          assertEquals(expected, loss.get(r), 2e-6);
        }
        loss.assertGuards("loss");
      }
    }
  }

  @ParameterizedTest
  @MethodSource(COMPILERS)
  void roundsBfloat16ToNearestEven(KernelCompiler compiler) {
    float[] x = FunctionTest.samples(new Random(5), 5000);
    x[100] = Float.intBitsToFloat(0x3F808000); // ties
    x[101] = Float.intBitsToFloat(0x3F818000);
    ProgramBuilder builder = KernelProgram.builder(1);
    builder.store(DType.BFLOAT16, builder.full(F32));
    try (Arena arena = Arena.ofConfined()) {
      Memory result = Memory.of(arena, DType.BFLOAT16, x.length);
      long[] in = {Memory.floats(arena, x).address()};
      run(compiler.compile(builder.build()), x.length, 0, in, result.address());
      for (int i = 0; i < x.length; i++) {
        assertEquals(BFloat16.toFloat(BFloat16.fromFloat(x[i])), result.get(i));
      }
      result.assertGuards("bfloat16");
    }
  }

  @ParameterizedTest
  @MethodSource(COMPILERS)
  void runsInSeveralThreadsAtOnce(KernelCompiler compiler) throws InterruptedException {
    ProgramBuilder builder = KernelProgram.builder(12);
    int scalar = builder.scalar(F32);
    int x = builder.combine(Binary.MULTIPLY, builder.full(F32), scalar);
    builder.store(F32, builder.map(Unary.TANH, x)).sumColumns(x, false);
    Kernel kernel = compiler.compile(builder.build());
    boolean[] right = new boolean[4];
    Thread[] threads = new Thread[right.length];
    for (int t = 0; t < threads.length; t++) {
      int id = t;
      threads[t] =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try (Arena arena = Arena.ofConfined()) {
                      right[id] = repeats(arena, kernel, id);
                    }
                  });
    }
    for (int t = 0; t < threads.length; t++) {
      threads[t].join();
      assertTrue(right[t]);
    }
  }

  private static boolean repeats(Arena arena, Kernel kernel, int id) {
    Memory input = Memory.of(arena, F32, 101 * 12);
    for (int i = 0; i < input.size(); i++) {
      input.set(i, 1);
    }
    Memory output = Memory.of(arena, F32, input.size());
    Memory sums = Memory.of(arena, F32, 12);
    long[] in = {Memory.floats(arena, id).address(), input.address()};
    boolean right = true;
    try (BoundKernel bound =
        kernel.bind(in, new long[] {output.address(), sums.address()}, 101, 0)) {
      for (int i = 0; i < 500; i++) {
        bound.run();
        right &= sums.get(i % 12) == 101 * id;
        right &= Math.abs(output.get(i) - Math.tanh(id)) < 1e-6;
      }
    }
    return right;
  }

  @ParameterizedTest
  @MethodSource(COMPILERS)
  void rebindsAddressesAndRows(KernelCompiler compiler) {
    ProgramBuilder builder = KernelProgram.builder(3);
    builder.store(F32, builder.map(Unary.NEG, builder.full(F32)));
    try (Arena arena = Arena.ofConfined()) {
      Memory one = Memory.floats(arena, 1, 2, 3, 4, 5, 6);
      Memory two = Memory.floats(arena, 7, 8, 9, 10, 11, 12);
      Memory result = Memory.floats(arena, new float[6]);
      Memory other = Memory.floats(arena, new float[6]);
      Kernel kernel = compiler.compile(builder.build());
      try (BoundKernel bound =
          kernel.bind(new long[] {one.address()}, new long[] {result.address()}, 1, 0)) {
        bound.run();
        assertArrayEquals(new float[] {-1, -2, -3, 0, 0, 0}, result.toArray());
        bound.rebindInput(0, two.address());
        bound.rebindOutput(0, other.address());
        bound.rebindRows(2, 0);
        bound.run();
        assertArrayEquals(new float[] {-7, -8, -9, -10, -11, -12}, other.toArray());
        assertArrayEquals(new float[] {-1, -2, -3, 0, 0, 0}, result.toArray());
      }
    }
  }

  @ParameterizedTest
  @MethodSource(COMPILERS)
  void compilesEqualProgramsOnce(KernelCompiler compiler) {
    assertSame(compiler.compile(scaled(2)), compiler.compile(scaled(2)));
    assertFalse(compiler.compile(scaled(2)) == compiler.compile(scaled(3)));
  }

  private static KernelProgram scaled(float by) {
    ProgramBuilder builder = KernelProgram.builder(4);
    int x = builder.full(F32);
    return builder.store(F32, builder.combine(Binary.MULTIPLY, x, builder.constant(by))).build();
  }

  /// A loop that is not vectorised needs ten times as long.
  @Test
  void updatesHundredThousandWeightsWithinHalfAMillisecond() {
    ProgramBuilder builder = KernelProgram.builder(1);
    int p = builder.full(F32);
    int m = builder.full(F32);
    int v = builder.full(F32);
    int step =
        builder.combine(
            Binary.DIVIDE,
            m,
            builder.combine(Binary.ADD, builder.map(Unary.SQRT, v), builder.constant(1e-7)));
    builder.store(F32, builder.combine(Binary.SUBTRACT, p, step));
    try (Arena arena = Arena.ofConfined()) {
      Memory memory = random(arena, new Random(6), 100_000);
      long[] in = {memory.address(), memory.address(), memory.address()};
      long best = Long.MAX_VALUE;
      try (BoundKernel bound =
          Compilers.BEST
              .compile(builder.build())
              .bind(in, new long[] {memory.address()}, 100_000, 0)) {
        for (int i = 0; i < 300; i++) {
          long start = System.nanoTime();
          bound.run();
          best = Math.min(best, System.nanoTime() - start);
        }
      }
      assertTrue(best < 500_000 || !Compilers.machine(), "nanoseconds: " + best);
    }
  }

  @Test
  void fallsBackAsAWholeWhereMachineCodeEnds() {
    ProgramBuilder builder = KernelProgram.builder(4);
    builder.store(F32, builder.map(Unary.SIN, builder.full(F32)));
    assertFalse(Compilers.BEST.compile(builder.build()).machineCode());
    assertEquals(Compilers.machine(), Compilers.BEST.compile(scaled(2)).machineCode());
    assertEquals("asked for", Compilers.PORTABLE.reason());
    assertFalse(Compilers.BEST.reason().isEmpty());
  }

  @Test
  void saysWhatIsWrongWithAProgram() {
    assertMessage(
        "Kernel program, columns: expected at least 1, received columns=0; give the row length.",
        () -> KernelProgram.builder(0).build());
    assertMessage(
        "Kernel program, outputs: expected at least 1 output, received outputs.length=0; store a"
            + " value.",
        () -> KernelProgram.builder(1).build());
    assertMessage(
        "Kernel program, inputs[0]: expected at least columns=4, received stride=3; give the length"
            + " of whole rows.",
        () -> {
          ProgramBuilder builder = KernelProgram.builder(4);
          builder.store(DType.FLOAT32, builder.strided(DType.FLOAT32, 3));
          builder.build();
        });
    assertMessage(
        "Kernel program, body[0]: expected operands among the 0 earlier instructions, received"
            + " operand=3; use the positions that the builder returns.",
        () -> {
          ProgramBuilder builder = KernelProgram.builder(1);
          builder.store(F32, builder.map(Unary.NEG, 3)).build();
        });
    assertMessage(
        "Kernel program, inputs[0]: expected type float32, bfloat16, uint8 or int32, received"
            + " type=float64; cast the array.",
        () -> stored(DType.FLOAT64, F32));
    assertMessage(
        "Kernel program, outputs[0]: expected type float32 or bfloat16, received type=int32; store"
            + " a float type.",
        () -> stored(F32, DType.INT32));
    Kernel kernel = Compilers.PORTABLE.compile(scaled(2));
    assertMessage(
        "Kernel.bind, inputs: expected 1 addresses, received inputs.length=0; give one per input"
            + " of the program.",
        () -> kernel.bind(new long[0], new long[1], 1, 0));
  }

  private static void stored(DType read, DType written) {
    ProgramBuilder builder = KernelProgram.builder(1);
    builder.store(written, builder.full(read)).build();
  }

  private static void assertMessage(String message, Runnable action) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, action::run).getMessage());
  }

  private static Memory random(Arena arena, Random random, int size) {
    Memory memory = Memory.of(arena, F32, size);
    for (int i = 0; i < size; i++) {
      memory.set(i, (float) random.nextGaussian());
    }
    return memory;
  }

  private static void run(Kernel kernel, long rows, long firstRow, long[] inputs, long... outputs) {
    try (BoundKernel bound = kernel.bind(inputs, outputs, rows, firstRow)) {
      bound.run();
    }
  }
}
