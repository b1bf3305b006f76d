package io.kalamos.kernels;

import static io.kalamos.kernels.Routine.LANES;
import static io.kalamos.kernels.WinogradConvolution.SPAN;
import static io.kalamos.kernels.WinogradConvolution.TAPS;

import java.util.stream.IntStream;

/// Writes the machine code for the gradient of a kernel of a [WinogradConvolution].
///
/// The convolution transforms pixels and kernels, multiplies, and transforms what comes out. Read
/// backwards: gradients of results are transformed, multiplied with the transformed pixels, summed
/// over all tiles, and the sums become taps.
final class WinogradKernelGradientCode implements WinogradTurns.Work {
  // Registers behind three times six of which one axis is transformed
  private static final int COLUMN = TAPS * SPAN;
  private static final int SPARE = COLUMN + SPAN;
  private static final int RESULT = SPARE + 1;
  private static final int APART = 31;

  private final WinogradConvolution shape;
  private final Frame frame = new Frame(4);
  private final Routine to = new Routine(frame);
  private final WinogradTransform transform = new WinogradTransform(to, frame);
  private final WinogradGradients gradients;
  private final WinogradSums sums;
  private final WinogradTaps taps;

  private WinogradKernelGradientCode(WinogradConvolution shape) {
    this.shape = shape;
    gradients = new WinogradGradients(shape, frame, to);
    sums = new WinogradSums(shape, frame, to);
    taps = new WinogradTaps(shape, to);
  }

  /// Inputs: pictures, gradients of the results, scratch memory; output: the kernel's gradient.
  static Written write(WinogradConvolution shape) {
    return new WinogradKernelGradientCode(shape).all();
  }

  private Written all() {
    to.enter();
    to.load(WinogradTurns.PICTURES, Frame.INPUTS);
    to.load(WinogradTurns.RESULTS, Frame.INPUTS + 8);
    to.load(WinogradTurns.SCRATCH, Frame.INPUTS + 16);
    sums.clear();
    gradients.prepare();
    var pixels = new WinogradPixels(shape, frame, to);
    new WinogradTurns(shape, frame, to, pixels).write(this);
    to.load(WinogradTaps.KERNEL, Frame.INPUTS + 24);
    to.start(WinogradTaps.TRANSFORMED, WinogradTurns.SCRATCH, shape.sumsAt());
    to.loadVector(APART, Address.frame(apart()), 0);
    taps.each(this::kernel);
    return to.leave();
  }

  @Override
  public void begin() {
    gradients.restart(shape.gradientsAt());
  }

  @Override
  public void before(int rows) {
    gradients.write(rows);
  }

  @Override
  public void multiply(int pictures, int rows) {
    sums.write(pictures, rows);
  }

  @Override
  public void after(int rows) {}

  // From sums to the kernel

  /// Lanes of every other number: those of one channel, then those of the next.
  private int apart() {
    int half = LANES / 2;
    return frame.vector(IntStream.range(0, LANES).map(i -> i % half * 2 + i / half).toArray());
  }

  private void kernel(int down, int across) {
    int[] column = IntStream.range(COLUMN, COLUMN + SPAN).toArray();
    for (int v = 0; v < SPAN; v++) {
      for (int u = 0; u < SPAN; u++) {
        to.loadVector(column[u], taps.point(u, v), 0);
      }
      int made = v;
      transform.taps(
          column,
          SPARE,
          RESULT,
          (register, k) -> to.vector(VectorOp.MOVE, SPAN * k + made, 0, register));
    }
    for (int k = 0; k < TAPS; k++) {
      int row = k;
      transform.taps(
          IntStream.range(SPAN * k, SPAN * k + SPAN).toArray(),
          SPARE,
          RESULT,
          (register, l) -> tap(register, row, l, down, across));
    }
  }

  private void tap(int register, int i, int j, int down, int across) {
    if (!taps.has(i, j, down, across)) {
      return;
    }
    if (shape.channelsTogether() == 2) {
      to.vector(VectorOp.PICK, register, APART, register);
      to.storeVector(register, taps.next(i, j, down, across), WinogradTaps.SECOND);
    }
    to.storeVector(register, taps.at(i, j, down, across), WinogradTaps.FIRST);
  }
}
