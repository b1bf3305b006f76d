package io.kalamos.onednn;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/// Element-wise, reducing and copying primitives against their formulas.
class ElementTest extends NativeTest {
  private static final int ROWS = 6;
  private static final int COLUMNS = 20;
  private static final int COUNT = ROWS * COLUMNS;

  private Md matrix() {
    return Md.of(scope, F32, ROWS, COLUMNS);
  }

  private void forward(EltwiseKind kind, float alpha, float beta, DoubleUnaryOperator f) {
    var src = randomFloats(COUNT);
    var dst = floats(COUNT);
    var problem =
        new Problem.EltwiseForward(
            Problem.Use.INFERENCE, kind, alpha, beta, matrix(), matrix(), Attributes.NONE);
    run(Candidate.first(scope, problem), Map.of(Arg.SRC, src, Arg.DST, dst));
    var expected = new double[COUNT];
    for (int i = 0; i < COUNT; i++) {
      expected[i] = f.applyAsDouble(at(src, i));
    }
    assertClose(expected, dst, 2e-6, kind);
  }

  @Test
  void everyEltwiseKindIsTheFunctionItsNameSays() {
    forward(EltwiseKind.RELU, 0.1f, 0, x -> x > 0 ? x : 0.1f * x);
    forward(EltwiseKind.TANH, 0, 0, Math::tanh);
    forward(EltwiseKind.ELU, 0.5f, 0, x -> x > 0 ? x : 0.5 * Math.expm1(x));
    forward(EltwiseKind.SQUARE, 0, 0, x -> x * x);
    forward(EltwiseKind.ABS, 0, 0, Math::abs);
    forward(EltwiseKind.LINEAR, 3, 2, x -> 3 * x + 2);
    forward(EltwiseKind.SOFTPLUS, 1, 0, x -> Math.log1p(Math.exp(x)));
    forward(EltwiseKind.SIGMOID, 0, 0, x -> 1 / (1 + Math.exp(-x)));
    forward(EltwiseKind.EXP, 0, 0, Math::exp);
    forward(EltwiseKind.SWISH, 1, 0, x -> x / (1 + Math.exp(-x)));
    forward(EltwiseKind.CLIP, -0.5f, 0.25f, x -> Math.clamp(x, -0.5, 0.25));
    forward(EltwiseKind.POW, 2, 2, x -> 2 * x * x);
    double c = Math.sqrt(2 / Math.PI);
    forward(
        EltwiseKind.GELU_TANH,
        0,
        0,
        x -> 0.5 * x * (1 + Math.tanh(c * (x + 0.044715 * x * x * x))));
  }

  private void backward(EltwiseKind kind, DoubleUnaryOperator derivative) {
    var data = randomFloats(COUNT);
    var diffDst = randomFloats(COUNT);
    var diffSrc = floats(COUNT);
    var problem =
        new Problem.EltwiseBackward(kind, 0, 0, matrix(), matrix(), matrix(), Attributes.NONE);
    var fromDst = kind.name().endsWith("FROM_DST");
    run(
        Candidate.first(scope, problem),
        Map.of(fromDst ? Arg.DST : Arg.SRC, data, Arg.DIFF_DST, diffDst, Arg.DIFF_SRC, diffSrc));
    var expected = new double[COUNT];
    for (int i = 0; i < COUNT; i++) {
      expected[i] = derivative.applyAsDouble(at(data, i)) * at(diffDst, i);
    }
    assertClose(expected, diffSrc, 1e-6, kind);
  }

  @Test
  void eltwiseBackwardReadsTheSourceOrTheResult() {
    backward(EltwiseKind.RELU, x -> x > 0 ? 1 : 0);
    backward(EltwiseKind.RELU_FROM_DST, y -> y > 0 ? 1 : 0);
    backward(EltwiseKind.TANH_FROM_DST, y -> 1 - y * y);
    backward(EltwiseKind.SIGMOID_FROM_DST, y -> y * (1 - y));
    backward(EltwiseKind.EXP_FROM_DST, y -> y);
  }

  @Test
  void binaryBroadcastsDimsOfOne() {
    var a = randomFloats(COUNT);
    var b = randomFloats(COLUMNS);
    var dst = floats(COUNT);
    var problem =
        new Problem.Binary(
            BinaryKind.SUB, matrix(), Md.of(scope, F32, 1, COLUMNS), matrix(), Attributes.NONE);
    run(Candidate.first(scope, problem), Map.of(Arg.SRC, a, Arg.SRC_1, b, Arg.DST, dst));
    var expected = new double[COUNT];
    for (int i = 0; i < COUNT; i++) {
      expected[i] = at(a, i) - at(b, i % COLUMNS);
    }
    assertClose(expected, dst, 1e-6, problem);
  }

  @Test
  void reductionSumsOverRows() {
    var a = randomFloats(COUNT);
    var dst = floats(COLUMNS);
    var problem =
        new Problem.Reduction(
            ReductionKind.SUM, matrix(), Md.of(scope, F32, 1, COLUMNS), Attributes.NONE);
    run(Candidate.first(scope, problem), Map.of(Arg.SRC, a, Arg.DST, dst));
    var expected = new double[COLUMNS];
    for (int i = 0; i < COUNT; i++) {
      expected[i % COLUMNS] += at(a, i);
    }
    assertClose(expected, dst, 1e-5, problem);
  }

  @Test
  void softmaxAndItsGradient() {
    var a = randomFloats(COUNT);
    var dst = floats(COUNT);
    var forward =
        new Problem.SoftmaxForward(Problem.Use.TRAINING, 1, matrix(), matrix(), Attributes.NONE);
    run(Candidate.first(scope, forward), Map.of(Arg.SRC, a, Arg.DST, dst));
    var diffDst = randomFloats(COUNT);
    var diffSrc = floats(COUNT);
    var backward = new Problem.SoftmaxBackward(1, matrix(), matrix(), matrix(), Attributes.NONE);
    run(
        Candidate.first(scope, backward),
        Map.of(Arg.DST, dst, Arg.DIFF_DST, diffDst, Arg.DIFF_SRC, diffSrc));
    var expected = new double[COUNT];
    var expectedDiff = new double[COUNT];
    for (int r = 0; r < ROWS; r++) {
      double sum = 0;
      double dot = 0;
      for (int i = r * COLUMNS; i < (r + 1) * COLUMNS; i++) {
        sum += Math.exp(at(a, i));
      }
      for (int i = r * COLUMNS; i < (r + 1) * COLUMNS; i++) {
        expected[i] = Math.exp(at(a, i)) / sum;
        dot += expected[i] * at(diffDst, i);
      }
      for (int i = r * COLUMNS; i < (r + 1) * COLUMNS; i++) {
        expectedDiff[i] = expected[i] * (at(diffDst, i) - dot);
      }
    }
    assertClose(expected, dst, 1e-6, forward);
    assertClose(expectedDiff, diffSrc, 1e-6, backward);
  }

  @Test
  void reorderConvertsTypes() {
    var a = randomFloats(COUNT);
    var halves = scope.allocate(2L * COUNT);
    var problem =
        new Problem.Reorder(matrix(), Md.of(scope, DataType.BF16, ROWS, COLUMNS), Attributes.NONE);
    run(Candidate.first(scope, problem), Map.of(Arg.SRC, a, Arg.DST, halves));
    for (int i = 0; i < COUNT; i++) {
      int bits = Float.floatToRawIntBits(at(a, i)) >>> 16;
      assertEquals((short) bits, halves.getAtIndex(JAVA_SHORT, i));
    }
  }

  @Test
  void descriptorsSayTheirSizeAndLayout() {
    var blocked = Md.tagged(scope, Md.Tag.NCHW16C, F32, 2, 20, 3, 3);
    assertEquals(2 * 32 * 3 * 3 * 4, blocked.bytes());
    assertEquals("f32[2, 20, 3, 3] strides[288, 144, 48, 16] blocks 16b", blocked.toString());
    assertEquals(false, blocked.isPlain());
    var plain = Md.channelsLast(scope, DataType.U8, 2, 20, 3, 3);
    assertEquals("u8[2, 20, 3, 3] strides[180, 1, 60, 20]", plain.toString());
    assertEquals(360, plain.bytes());
    assertEquals(true, plain.isPlain());
    assertEquals(true, plain.sameAs(Md.channelsLast(scope, DataType.U8, 2, 20, 3, 3)));
    assertEquals(false, plain.sameAs(Md.of(scope, DataType.U8, 2, 20, 3, 3)));
    assertEquals("f32[2, 3] any", Md.any(scope, F32, 2, 3).toString());
  }
}
