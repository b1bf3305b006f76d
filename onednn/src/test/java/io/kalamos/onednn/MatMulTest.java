package io.kalamos.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.onednn.Attributes.PostOp;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MatMulTest extends NativeTest {
  private static final int M = 5;
  private static final int K = 7;
  private static final int N = 3;

  private double[] product(MemorySegment a, MemorySegment b, MemorySegment bias) {
    var out = new double[M * N];
    for (int m = 0; m < M; m++) {
      for (int n = 0; n < N; n++) {
        double sum = at(bias, n);
        for (int k = 0; k < K; k++) {
          sum += (double) at(a, m * K + k) * at(b, k * N + n);
        }
        out[m * N + n] = sum;
      }
    }
    return out;
  }

  @Test
  void everyImplementationAgreesWithALoopInDouble() {
    var a = randomFloats(M * K);
    var b = randomFloats(K * N);
    var bias = randomFloats(N);
    var c = floats(M * N);
    var problem =
        new Problem.MatMul(
            Md.of(scope, F32, M, K),
            Md.of(scope, F32, K, N),
            Md.of(scope, F32, 1, N),
            Md.of(scope, F32, M, N),
            Attributes.NONE);
    var candidates = Candidate.all(scope, problem);
    assertTrue(candidates.size() > 1);
    assertFalse(candidates.getFirst().isReference());
    assertTrue(candidates.getLast().isReference(), candidates.getLast().name());
    for (var candidate : candidates) {
      c.fill((byte) 0);
      run(candidate, Map.of(Arg.SRC, a, Arg.WEIGHTS, b, Arg.BIAS, bias, Arg.DST, c));
      assertClose(product(a, b, bias), c, 1e-5, candidate);
    }
  }

  @Test
  void aTransposeIsAMatterOfStrides() {
    var a = randomFloats(M * K);
    var transposed = floats(M * K);
    for (int m = 0; m < M; m++) {
      for (int k = 0; k < K; k++) {
        transposed.setAtIndex(
            java.lang.foreign.ValueLayout.JAVA_FLOAT, k * M + m, at(a, m * K + k));
      }
    }
    var b = randomFloats(K * N);
    var c = floats(M * N);
    var columns = Md.strided(scope, F32, new long[] {M, K}, new long[] {1, M});
    var problem =
        new Problem.MatMul(
            columns,
            Md.of(scope, F32, K, N),
            Md.none(scope),
            Md.of(scope, F32, M, N),
            Attributes.NONE);
    run(Candidate.first(scope, problem), Map.of(Arg.SRC, transposed, Arg.WEIGHTS, b, Arg.DST, c));
    assertClose(product(a, b, floats(N)), c, 1e-5, problem);
  }

  @Test
  void postOpsRunInOrder() {
    var a = randomFloats(M * K);
    var b = randomFloats(K * N);
    var other = randomFloats(N);
    var c = randomFloats(M * N);
    var expected = product(a, b, floats(N));
    for (int i = 0; i < M * N; i++) {
      expected[i] = Math.max(0, (expected[i] + 0.5 * at(c, i)) * at(other, i % N));
    }
    var otherMd = Md.of(scope, F32, 1, N);
    var steps =
        Attributes.of(
            new PostOp.Sum(0.5f),
            new PostOp.Binary(BinaryKind.MUL, otherMd),
            new PostOp.Eltwise(EltwiseKind.RELU, 0, 0));
    var problem =
        new Problem.MatMul(
            Md.of(scope, F32, M, K),
            Md.of(scope, F32, K, N),
            Md.none(scope),
            Md.of(scope, F32, M, N),
            steps);
    run(
        Candidate.first(scope, problem),
        Map.of(Arg.SRC, a, Arg.WEIGHTS, b, Arg.DST, c, Arg.POST_OP_1, other));
    assertClose(expected, c, 1e-5, problem);
  }

  @Test
  void onlyABinaryPostOpHasAnArgument() {
    var other = Md.of(scope, F32, 1, N);
    var steps =
        Attributes.of(
            new PostOp.Eltwise(EltwiseKind.RELU, 0.5f, 0.5f),
            new PostOp.Binary(BinaryKind.MUL, other));
    assertFalse(steps.admits(Arg.POST_OP_0));
    assertTrue(steps.admits(Arg.POST_OP_1));
    assertFalse(steps.admits(Arg.POST_OP_2));
    assertTrue(steps.admits(Arg.SRC));
    var problem =
        new Problem.MatMul(
            Md.of(scope, F32, M, K),
            Md.of(scope, F32, K, N),
            Md.none(scope),
            Md.of(scope, F32, M, N),
            steps);
    var wanted = Candidate.first(scope, problem).arguments();
    assertTrue(wanted.get(Arg.POST_OP_1).sameAs(other));
    assertFalse(wanted.containsKey(Arg.POST_OP_0));
  }

  @Test
  void bfloat16WithFloat32Result() {
    var a = randomFloats(M * K);
    var b = randomFloats(K * N);
    var bias = randomFloats(N);
    var c = floats(M * N);
    var problem =
        new Problem.MatMul(
            Md.of(scope, DataType.BF16, M, K),
            Md.of(scope, DataType.BF16, K, N),
            Md.of(scope, F32, 1, N),
            Md.of(scope, F32, M, N),
            Attributes.NONE);
    var candidate = Candidate.first(scope, problem);
    run(candidate, Map.of(Arg.SRC, toBf16(a), Arg.WEIGHTS, toBf16(b), Arg.BIAS, bias, Arg.DST, c));
    assertClose(product(a, b, bias), c, 1e-5, candidate);
  }

  @Test
  void anyIsResolvedAndReachedByAReorder() {
    int size = 64;
    var b = randomFloats(size * size);
    var plain = Md.of(scope, F32, size, size);
    var any = Md.any(scope, F32, size, size);
    assertTrue(any.isAny());
    var problem = new Problem.MatMul(plain, any, Md.none(scope), plain, Attributes.NONE);
    var candidate = Candidate.first(scope, problem);
    var wanted = candidate.md(Arg.WEIGHTS).orElseThrow();
    assertFalse(wanted.isAny());
    var packed = scope.allocate(wanted.bytes());
    var reorder = Candidate.first(scope, new Problem.Reorder(plain, wanted, Attributes.NONE));
    run(reorder, Map.of(Arg.SRC, b, Arg.DST, packed));
    var identity = floats(size * size);
    for (int i = 0; i < size; i++) {
      identity.setAtIndex(java.lang.foreign.ValueLayout.JAVA_FLOAT, i * size + i, 1);
    }
    var c = floats(size * size);
    run(candidate, Map.of(Arg.SRC, identity, Arg.WEIGHTS, packed, Arg.DST, c));
    assertEquals(-1, b.mismatch(c));
  }

  @Test
  void anExecutionCanMoveToOtherMemory() {
    var a = randomFloats(M * K);
    var b = randomFloats(K * N);
    var first = floats(M * N);
    var second = floats(M * N);
    var problem =
        new Problem.MatMul(
            Md.of(scope, F32, M, K),
            Md.of(scope, F32, K, N),
            Md.none(scope),
            Md.of(scope, F32, M, N),
            Attributes.NONE);
    var execution =
        run(Candidate.first(scope, problem), Map.of(Arg.SRC, a, Arg.WEIGHTS, b, Arg.DST, first));
    execution.address(Arg.DST, second.address());
    execution.run(stream);
    assertEquals(-1, first.mismatch(second));
  }

  @Test
  void aNamedImplementationIsFoundAgain() {
    var problem =
        new Problem.MatMul(
            Md.of(scope, F32, M, K),
            Md.of(scope, F32, K, N),
            Md.none(scope),
            Md.of(scope, F32, M, N),
            Attributes.NONE);
    var last = Candidate.all(scope, problem).getLast();
    assertEquals(last.name(), Candidate.named(last.name(), scope, problem).orElseThrow().name());
    assertTrue(Candidate.named("no such name", scope, problem).isEmpty());
  }

  @Test
  void aClashOfDimsNamesTheFunctionAndTheDims() {
    var problem =
        new Problem.MatMul(
            Md.of(scope, F32, M, K),
            Md.of(scope, F32, K + 1, N),
            Md.none(scope),
            Md.of(scope, F32, M, N),
            Attributes.NONE);
    var e = assertThrows(DnnlException.class, () -> Candidate.first(scope, problem));
    assertEquals(
        "dnnl_matmul_primitive_desc_create of MatMul[src=f32[5, 7] strides[7, 1], weights=f32[8, 3]"
            + " strides[3, 1], bias=none, dst=f32[5, 3] strides[3, 1],"
            + " attributes=Attributes[postOps=[], precision=STRICT]]: expected status=success,"
            + " received status=invalid_arguments (2); make dims, data types and arguments agree.",
        e.getMessage());
  }

  @Test
  void aMissingArgumentIsNamedBeforeTheRun() {
    var problem =
        new Problem.MatMul(
            Md.of(scope, F32, M, K),
            Md.of(scope, F32, K, N),
            Md.none(scope),
            Md.of(scope, F32, M, N),
            Attributes.NONE);
    var reference = Candidate.all(scope, problem).getLast();
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> reference.bind(Map.of(Arg.SRC, 1L, Arg.DST, 2L)));
    assertTrue(
        e.getMessage()
            .endsWith(
                ": expected addresses for [SRC, DST, WEIGHTS], received addresses=[SRC, DST]; give"
                    + " exactly the expected ones."),
        e.getMessage());
  }
}
