package io.kalamos.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.engine.Binary;
import io.kalamos.engine.DType;
import io.kalamos.engine.Unary;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every function against double precision, over edge values and random ones.
class FunctionTest {
  private static final float[] EDGES = {
    0f,
    -0f,
    1f,
    -1f,
    0.5f,
    -0.5f,
    1.5f,
    2.5f,
    -2.5f,
    3f,
    1e-30f,
    -1e-30f,
    1e-20f,
    1e-7f,
    -1e-7f,
    0.1f,
    -0.1f,
    0.75f,
    0.7499999f,
    1.4999999f,
    0.9999999f,
    1.0000001f,
    10f,
    -10f,
    20f,
    -20f,
    87f,
    -87f,
    88.7f,
    88.8f,
    -88.8f,
    104f,
    -104f,
    1e10f,
    -1e10f,
    8388607.5f,
    3e38f,
    -3e38f,
    Float.MAX_VALUE,
    Float.MIN_NORMAL,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN
  };

  /// A function with its oracle and the error that is allowed, in units of the last place.
  record Row(Unary function, double ulps, DoubleUnaryOperator oracle) {}

  static List<Row> unary() {
    return List.of(
        new Row(Unary.NEG, 0, x -> -x),
        new Row(Unary.ABS, 0, Math::abs),
        new Row(Unary.SIGN, 0, Math::signum),
        new Row(Unary.EXP, 1.5, Math::exp),
        new Row(Unary.LOG, 1.5, Math::log),
        new Row(Unary.SQRT, 1, Math::sqrt),
        new Row(Unary.SIN, 1.5, Math::sin),
        new Row(Unary.COS, 1.5, Math::cos),
        new Row(Unary.TANH, 2, Math::tanh),
        new Row(Unary.SIGMOID, 2.5, x -> 1 / (1 + Math.exp(-x))),
        new Row(Unary.RELU, 0, x -> Math.max(x, 0)),
        new Row(Unary.ERF, 2, Unary.ERF::apply),
        new Row(Unary.FLOOR, 0, Math::floor),
        new Row(Unary.ROUND, 0, Math::rint),
        new Row(Unary.RSQRT, 1.5, x -> 1 / Math.sqrt(x)));
  }

  @ParameterizedTest
  @MethodSource
  void unary(Row row) {
    float[] x = samples(new Random(1), 20_000);
    ProgramBuilder builder = KernelProgram.builder(1);
    builder.store(DType.FLOAT32, builder.map(row.function, builder.full(DType.FLOAT32)));
    for (KernelCompiler compiler : Compilers.all()) {
      float[] y = run(compiler, builder.build(), x);
      for (int i = 0; i < x.length; i++) {
        assertClose(row.oracle.applyAsDouble(x[i]), y[i], row.ulps, compiler, row.function, x[i]);
      }
    }
  }

  record PairRow(Binary function, double ulps, DoubleBinaryOperator oracle) {}

  static List<PairRow> binary() {
    return List.of(
        new PairRow(Binary.ADD, 0.5, (a, b) -> a + b),
        new PairRow(Binary.SUBTRACT, 0.5, (a, b) -> a - b),
        new PairRow(Binary.MULTIPLY, 0.5, (a, b) -> a * b),
        new PairRow(Binary.DIVIDE, 0.5, (a, b) -> a / b),
        new PairRow(Binary.MAXIMUM, 0, Math::max),
        new PairRow(Binary.MINIMUM, 0, Math::min),
        new PairRow(Binary.POWER, 4, Math::pow),
        new PairRow(Binary.EQUAL, 0, (a, b) -> a == b ? 1 : 0),
        new PairRow(Binary.NOT_EQUAL, 0, (a, b) -> a != b ? 1 : 0),
        new PairRow(Binary.GREATER, 0, (a, b) -> a > b ? 1 : 0),
        new PairRow(Binary.GREATER_EQUAL, 0, (a, b) -> a >= b ? 1 : 0),
        new PairRow(Binary.LESS, 0, (a, b) -> a < b ? 1 : 0),
        new PairRow(Binary.LESS_EQUAL, 0, (a, b) -> a <= b ? 1 : 0));
  }

  @ParameterizedTest
  @MethodSource
  void binary(PairRow row) {
    int edges = EDGES.length;
    float[] a = samples(new Random(2), 6000);
    float[] b = samples(new Random(3), 6000);
    float[] x = new float[edges * edges + a.length];
    float[] y = new float[x.length];
    for (int i = 0; i < edges * edges; i++) {
      x[i] = EDGES[i / edges];
      y[i] = EDGES[i % edges];
    }
    System.arraycopy(a, 0, x, edges * edges, a.length);
    System.arraycopy(b, 0, y, edges * edges, b.length);
    ProgramBuilder builder = KernelProgram.builder(1);
    int left = builder.full(DType.FLOAT32);
    int right = builder.full(DType.FLOAT32);
    builder.store(DType.FLOAT32, builder.combine(row.function, left, right));
    for (KernelCompiler compiler : Compilers.all()) {
      float[] z = run(compiler, builder.build(), x, y);
      for (int i = 0; i < x.length; i++) {
        double expected = row.oracle.applyAsDouble(x[i], y[i]);
        assertClose(expected, z[i], row.ulps, compiler, row.function, x[i], y[i]);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.kalamos.kernels.Compilers#all")
  void select(KernelCompiler compiler) {
    float[] x = samples(new Random(4), 1000);
    float[] y = samples(new Random(5), 1000);
    float[] z = samples(new Random(6), 1000);
    ProgramBuilder builder = KernelProgram.builder(1);
    int a = builder.full(DType.FLOAT32);
    int b = builder.full(DType.FLOAT32);
    int c = builder.full(DType.FLOAT32);
    int less = builder.combine(Binary.LESS, b, c);
    builder.store(DType.FLOAT32, builder.select(a, b, c));
    builder.store(DType.FLOAT32, builder.select(less, b, c));
    float[] result = run(compiler, builder.build(), x, y, z);
    for (int i = 0; i < x.length; i++) {
      assertEquals(x[i] != 0 ? y[i] : z[i], result[i]);
      assertEquals(y[i] < z[i] ? y[i] : z[i], result[x.length + i]);
    }
  }

  /// As optimizers do it: `m / (sqrt(v) + epsilon)`.
  @ParameterizedTest
  @MethodSource("io.kalamos.kernels.Compilers#all")
  void quotientsByRoots(KernelCompiler compiler) {
    Random random = new Random(7);
    float[] moments = new float[20_000];
    float[] squares = new float[moments.length];
    for (int i = 0; i < moments.length; i++) {
      moments[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(30) - 20));
      squares[i] = (float) Math.pow(10, random.nextInt(60) - 30 + random.nextDouble());
    }
    squares[0] = 0;
    squares[1] = Float.POSITIVE_INFINITY;
    squares[2] = Float.MAX_VALUE;
    squares[3] = Float.NaN;
    ProgramBuilder builder = KernelProgram.builder(1);
    int moment = builder.full(DType.FLOAT32);
    int root = builder.map(Unary.SQRT, builder.full(DType.FLOAT32));
    int divisor = builder.combine(Binary.ADD, root, builder.constant(1e-7f));
    builder.store(DType.FLOAT32, divisor);
    builder.store(DType.FLOAT32, builder.combine(Binary.DIVIDE, moment, divisor));
    float[] results = run(compiler, builder.build(), moments, squares);
    for (int i = 0; i < moments.length; i++) {
      double expected = moments[i] / (double) results[i];
      assertClose(expected, results[moments.length + i], 1, compiler, "quotient", moments[i]);
    }
  }

  /// Runs a program of one column over full float32 inputs; the outputs lie behind one another.
  static float[] run(KernelCompiler compiler, KernelProgram program, float[]... inputs) {
    try (Arena arena = Arena.ofConfined()) {
      int rows = inputs[0].length;
      long[] in = new long[inputs.length];
      for (int i = 0; i < in.length; i++) {
        in[i] = Memory.floats(arena, inputs[i]).address();
      }
      List<Memory> results = new ArrayList<>();
      long[] out = new long[program.outputs().size()];
      for (int i = 0; i < out.length; i++) {
        results.add(Memory.of(arena, DType.FLOAT32, rows));
        out[i] = results.get(i).address();
      }
      Kernel kernel = compiler.compile(program);
      boolean rare = program.toString().contains("SIN") || program.toString().contains("COS");
      assertEquals(
          Compilers.machine() && compiler == Compilers.BEST && !rare, kernel.machineCode());
      try (BoundKernel bound = kernel.bind(in, out, rows, 0)) {
        bound.run();
      }
      float[] values = new float[out.length * rows];
      for (int i = 0; i < out.length; i++) {
        results.get(i).assertGuards(compiler.name());
        System.arraycopy(results.get(i).toArray(), 0, values, i * rows, rows);
      }
      return values;
    }
  }

  private static void assertClose(
      double expected,
      float actual,
      double ulps,
      KernelCompiler compiler,
      Object what,
      float... x) {
    float rounded = (float) expected;
    boolean tiny = Math.abs(expected) < Float.MIN_NORMAL && Math.abs(actual) <= Float.MIN_NORMAL;
    boolean close =
        Float.isNaN(rounded) || Float.isInfinite(rounded)
            ? Float.compare(rounded, actual) == 0
                || Float.isInfinite(rounded) && Math.abs(expected) < 3.5e38 && actual != actual - 1
            : tiny || Math.abs(expected - actual) <= ulps * Math.ulp(rounded);
    assertTrue(
        close,
        () ->
            compiler.name()
                + " "
                + what
                + java.util.Arrays.toString(x)
                + ": expected "
                + expected
                + ", received "
                + actual);
  }

  static float[] samples(Random random, int count) {
    float[] x = java.util.Arrays.copyOf(EDGES, EDGES.length + count);
    for (int i = 0; i < count; i++) {
      float scale = (float) Math.pow(10, random.nextInt(9) - 6);
      x[EDGES.length + i] = (float) random.nextGaussian() * scale;
    }
    return x;
  }
}
