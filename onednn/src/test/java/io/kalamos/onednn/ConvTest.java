package io.kalamos.onednn;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Convolutions in channels-last layout against plain loops in double.
class ConvTest extends NativeTest {
  /// Sizes of one case; weights are kept as Keras keeps them, (height, width, input, output).
  private record Case(
      int batch,
      int size,
      int in,
      int out,
      int kernel,
      int stride,
      int dilation,
      int groups,
      int before,
      int after) {
    int outSize() {
      return (size + before + after - dilation * (kernel - 1) - 1) / stride + 1;
    }

    int perGroup() {
      return in / groups;
    }

    int srcCount() {
      return batch * size * size * in;
    }

    int dstCount() {
      return batch * outSize() * outSize() * out;
    }

    int weightCount() {
      return kernel * kernel * perGroup() * out;
    }

    Window window() {
      return new Window(
          List.of(stride, stride),
          List.of(dilation, dilation),
          List.of(before, before),
          List.of(after, after));
    }

    /// Calls `tap` with the indices (src, weight, dst, output channel) of every product.
    void taps(Tap tap) {
      int o = outSize();
      for (int n = 0; n < batch; n++) {
        for (int y = 0; y < o; y++) {
          for (int x = 0; x < o; x++) {
            for (int c = 0; c < out; c++) {
              int group = c / (out / groups);
              for (int ky = 0; ky < kernel; ky++) {
                for (int kx = 0; kx < kernel; kx++) {
                  int sy = y * stride + ky * dilation - before;
                  int sx = x * stride + kx * dilation - before;
                  if (sy < 0 || sy >= size || sx < 0 || sx >= size) {
                    continue;
                  }
                  for (int i = 0; i < perGroup(); i++) {
                    tap.at(
                        ((n * size + sy) * size + sx) * in + group * perGroup() + i,
                        ((ky * kernel + kx) * perGroup() + i) * out + c,
                        ((n * o + y) * o + x) * out + c,
                        c);
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  private interface Tap {
    void at(int src, int weight, int dst, int channel);
  }

  private static final List<Case> CASES =
      List.of(
          new Case(2, 8, 1, 16, 5, 1, 1, 1, 2, 2),
          new Case(2, 9, 8, 12, 3, 2, 1, 1, 0, 1),
          new Case(2, 9, 16, 16, 3, 1, 2, 1, 2, 2),
          new Case(2, 6, 16, 16, 3, 1, 1, 16, 1, 1));

  private Md weights(DataType type, Case c) {
    long k = c.kernel;
    long o = c.out;
    long i = c.perGroup();
    return c.groups == 1
        ? Md.strided(scope, type, new long[] {o, i, k, k}, new long[] {1, o, k * i * o, i * o})
        : Md.strided(
            scope,
            type,
            new long[] {c.groups, o / c.groups, i, k, k},
            new long[] {o / c.groups, 1, o, k * i * o, i * o});
  }

  private Md src(Case c) {
    return Md.channelsLast(scope, F32, c.batch, c.in, c.size, c.size);
  }

  private Md dst(Case c) {
    return Md.channelsLast(scope, F32, c.batch, c.out, c.outSize(), c.outSize());
  }

  @Test
  void forward() {
    for (var c : CASES) {
      var src = randomFloats(c.srcCount());
      var weights = randomFloats(c.weightCount());
      var bias = randomFloats(c.out);
      var dst = floats(c.dstCount());
      var expected = new double[c.dstCount()];
      for (int i = 0; i < expected.length; i++) {
        expected[i] = at(bias, i % c.out);
      }
      c.taps((s, w, d, _) -> expected[d] += (double) at(src, s) * at(weights, w));
      var problem =
          new Problem.ConvForward(
              Problem.Use.TRAINING,
              src(c),
              weights(F32, c),
              Md.of(scope, F32, c.out),
              dst(c),
              c.window(),
              Attributes.NONE);
      runFirst(problem, Map.of(Arg.SRC, src, Arg.WEIGHTS, weights, Arg.BIAS, bias, Arg.DST, dst));
      assertClose(expected, dst, 1e-4, c);
    }
  }

  @Test
  void backwardData() {
    for (var c : CASES) {
      var diffDst = randomFloats(c.dstCount());
      var weights = randomFloats(c.weightCount());
      var diffSrc = floats(c.srcCount());
      var expected = new double[c.srcCount()];
      c.taps((s, w, d, _) -> expected[s] += (double) at(diffDst, d) * at(weights, w));
      var problem =
          new Problem.ConvBackwardData(
              src(c), weights(F32, c), dst(c), c.window(), Attributes.NONE);
      runFirst(problem, Map.of(Arg.DIFF_SRC, diffSrc, Arg.WEIGHTS, weights, Arg.DIFF_DST, diffDst));
      assertClose(expected, diffSrc, 1e-4, c);
    }
  }

  @Test
  void backwardWeightsAndBias() {
    for (var c : CASES) {
      var src = randomFloats(c.srcCount());
      var diffDst = randomFloats(c.dstCount());
      var diffWeights = floats(c.weightCount());
      var diffBias = floats(c.out);
      var expected = new double[c.weightCount()];
      c.taps((s, w, d, _) -> expected[w] += (double) at(src, s) * at(diffDst, d));
      var expectedBias = new double[c.out];
      for (int i = 0; i < c.dstCount(); i++) {
        expectedBias[i % c.out] += at(diffDst, i);
      }
      var problem =
          new Problem.ConvBackwardWeights(
              src(c),
              weights(F32, c),
              Md.of(scope, F32, c.out),
              dst(c),
              c.window(),
              Attributes.NONE);
      runFirst(
          problem,
          Map.of(
              Arg.SRC,
              src,
              Arg.DIFF_WEIGHTS,
              diffWeights,
              Arg.DIFF_BIAS,
              diffBias,
              Arg.DIFF_DST,
              diffDst));
      assertClose(expected, diffWeights, 1e-3, c);
      assertClose(expectedBias, diffBias, 1e-3, c);
    }
  }

  @Test
  void bfloat16WithFloat32WeightGradient() {
    for (var c : CASES) {
      var src = randomFloats(c.srcCount());
      var diffDst = randomFloats(c.dstCount());
      var diffWeights = floats(c.weightCount());
      var expected = new double[c.weightCount()];
      c.taps((s, w, d, _) -> expected[w] += (double) at(src, s) * at(diffDst, d));
      var srcMd = Md.channelsLast(scope, DataType.BF16, src(c).dims());
      var dstMd = Md.channelsLast(scope, DataType.BF16, dst(c).dims());
      var problem =
          new Problem.ConvBackwardWeights(
              srcMd, weights(F32, c), Md.none(scope), dstMd, c.window(), Attributes.NONE);
      runFirst(
          problem,
          Map.of(
              Arg.SRC, toBf16(src), Arg.DIFF_WEIGHTS, diffWeights, Arg.DIFF_DST, toBf16(diffDst)));
      assertClose(expected, diffWeights, 1e-3, c);
    }
  }

  private void runFirst(Problem problem, Map<Arg, MemorySegment> data) {
    var candidate = Candidate.first(scope, problem);
    assertFalse(candidate.isReference(), candidate.toString());
    run(candidate, data);
  }
}
