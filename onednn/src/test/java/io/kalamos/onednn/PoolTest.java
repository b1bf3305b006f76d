package io.kalamos.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Pooling in channels-last layout against plain loops in double: windows of 3 that move by 2.
class PoolTest extends NativeTest {
  private static final int BATCH = 2;
  private static final int SIZE = 7;
  private static final int OUT = 4;
  private static final int CHANNELS = 16;
  private static final int KERNEL = 3;
  private static final Window WINDOW = Window.square(2, 1, 1);
  private static final List<Integer> KERNELS = List.of(KERNEL, KERNEL);
  private static final int SRC_COUNT = BATCH * SIZE * SIZE * CHANNELS;
  private static final int DST_COUNT = BATCH * OUT * OUT * CHANNELS;

  private interface Tap {
    void at(int src, int dst);
  }

  private static void taps(Tap tap) {
    for (int n = 0; n < BATCH; n++) {
      for (int y = 0; y < OUT; y++) {
        for (int x = 0; x < OUT; x++) {
          for (int k = 0; k < KERNEL * KERNEL; k++) {
            int sy = y * 2 + k / KERNEL - 1;
            int sx = x * 2 + k % KERNEL - 1;
            if (sy < 0 || sy >= SIZE || sx < 0 || sx >= SIZE) {
              continue;
            }
            for (int c = 0; c < CHANNELS; c++) {
              tap.at(
                  ((n * SIZE + sy) * SIZE + sx) * CHANNELS + c,
                  ((n * OUT + y) * OUT + x) * CHANNELS + c);
            }
          }
        }
      }
    }
  }

  private Md src() {
    return Md.channelsLast(scope, F32, BATCH, CHANNELS, SIZE, SIZE);
  }

  private Md dst() {
    return Md.channelsLast(scope, F32, BATCH, CHANNELS, OUT, OUT);
  }

  private Candidate forward(Problem.Use use, PoolKind kind) {
    var problem =
        new Problem.PoolForward(use, kind, src(), dst(), KERNELS, WINDOW, Attributes.NONE);
    return Candidate.first(scope, problem);
  }

  private Candidate backward(PoolKind kind) {
    var problem = new Problem.PoolBackward(kind, src(), dst(), KERNELS, WINDOW, Attributes.NONE);
    var candidate = Candidate.first(scope, problem);
    assertFalse(candidate.isReference(), candidate.toString());
    return candidate;
  }

  @Test
  void maxRoutesTheGradientToTheLargestElement() {
    var src = randomFloats(SRC_COUNT);
    var dst = floats(DST_COUNT);
    var best = new int[DST_COUNT];
    java.util.Arrays.fill(best, -1);
    taps((s, d) -> best[d] = best[d] < 0 || at(src, s) > at(src, best[d]) ? s : best[d]);
    var expected = new double[DST_COUNT];
    for (int d = 0; d < DST_COUNT; d++) {
      expected[d] = at(src, best[d]);
    }
    var forward = forward(Problem.Use.TRAINING, PoolKind.MAX);
    assertFalse(forward.isReference(), forward.toString());
    var workspace = scope.allocate(forward.md(Arg.WORKSPACE).orElseThrow().bytes());
    run(forward, Map.of(Arg.SRC, src, Arg.DST, dst, Arg.WORKSPACE, workspace));
    assertClose(expected, dst, 0, forward);

    var diffDst = randomFloats(DST_COUNT);
    var diffSrc = floats(SRC_COUNT);
    var backward = backward(PoolKind.MAX);
    assertTrue(
        backward.md(Arg.WORKSPACE).orElseThrow().sameAs(forward.md(Arg.WORKSPACE).orElseThrow()));
    run(backward, Map.of(Arg.DIFF_DST, diffDst, Arg.DIFF_SRC, diffSrc, Arg.WORKSPACE, workspace));
    var expectedDiff = new double[SRC_COUNT];
    for (int d = 0; d < DST_COUNT; d++) {
      expectedDiff[best[d]] += at(diffDst, d);
    }
    assertClose(expectedDiff, diffSrc, 1e-6, backward);
  }

  @Test
  void maxForInferenceNeedsNoWorkspace() {
    var forward = forward(Problem.Use.INFERENCE, PoolKind.MAX);
    assertTrue(forward.md(Arg.WORKSPACE).isEmpty());
    var src = randomFloats(SRC_COUNT);
    var dst = floats(DST_COUNT);
    run(forward, Map.of(Arg.SRC, src, Arg.DST, dst));
    var trained = floats(DST_COUNT);
    var training = forward(Problem.Use.TRAINING, PoolKind.MAX);
    var workspace = scope.allocate(training.md(Arg.WORKSPACE).orElseThrow().bytes());
    run(training, Map.of(Arg.SRC, src, Arg.DST, trained, Arg.WORKSPACE, workspace));
    assertEquals(-1, trained.mismatch(dst));
  }

  @Test
  void averageDividesByTheElementsInsideThePicture() {
    average(PoolKind.AVERAGE);
  }

  @Test
  void averageWithPaddingDividesByTheWindow() {
    average(PoolKind.AVERAGE_WITH_PADDING);
  }

  private void average(PoolKind kind) {
    var inside = new int[DST_COUNT];
    taps((_, d) -> inside[d]++);
    if (kind == PoolKind.AVERAGE_WITH_PADDING) {
      java.util.Arrays.fill(inside, KERNEL * KERNEL);
    }
    var src = randomFloats(SRC_COUNT);
    var dst = floats(DST_COUNT);
    var expected = new double[DST_COUNT];
    taps((s, d) -> expected[d] += (double) at(src, s) / inside[d]);
    run(forward(Problem.Use.TRAINING, kind), Map.of(Arg.SRC, src, Arg.DST, dst));
    assertClose(expected, dst, 1e-6, kind);

    MemorySegment diffDst = randomFloats(DST_COUNT);
    var diffSrc = floats(SRC_COUNT);
    var expectedDiff = new double[SRC_COUNT];
    taps((s, d) -> expectedDiff[s] += (double) at(diffDst, d) / inside[d]);
    run(backward(kind), Map.of(Arg.DIFF_DST, diffDst, Arg.DIFF_SRC, diffSrc));
    assertClose(expectedDiff, diffSrc, 1e-6, kind);
  }
}
