package io.kalamos.kernels;

import static io.kalamos.kernels.Routine.LANES;
import static io.kalamos.kernels.WinogradConvolution.SPAN;
import static io.kalamos.kernels.WinogradConvolution.TAPS;

import java.util.stream.IntStream;

/// Writes the machine code that transforms the kernels of a [WinogradConvolution]: 36 matrices
/// (channels of a square of pixels, filters), the filters rounded up to whole vectors.
final class WinogradKernelCode {
  // Registers: nine taps, three times six of which one axis is transformed, two spare ones.
  private static final int HALF = TAPS * TAPS;
  private static final int SPARE = HALF + TAPS * SPAN;
  private static final int IN_TURNS = 31;

  private final int together;
  private final Frame frame = new Frame(2);
  private final Routine to = new Routine(frame);
  private final WinogradTransform transform = new WinogradTransform(to, frame);
  private final WinogradTaps taps;

  private WinogradKernelCode(WinogradConvolution shape) {
    together = shape.channelsTogether();
    taps = new WinogradTaps(shape, to);
  }

  /// Input: kernel; output: the transformed one.
  static Written write(WinogradConvolution shape) {
    return new WinogradKernelCode(shape).all();
  }

  private Written all() {
    to.enter();
    to.load(WinogradTaps.KERNEL, Frame.INPUTS);
    to.load(WinogradTaps.TRANSFORMED, Frame.INPUTS + 8);
    to.loadVector(IN_TURNS, Address.frame(inTurns()), 0);
    taps.each(this::kernel);
    return to.leave();
  }

  /// Lanes of the first half and of the second one.
  private int inTurns() {
    return frame.vector(IntStream.range(0, LANES).map(i -> i / 2 + i % 2 * LANES / 2).toArray());
  }

  private void kernel(int down, int across) {
    for (int i = 0; i < TAPS; i++) {
      for (int j = 0; j < TAPS; j++) {
        tap(i, j, down, across);
      }
    }
    for (int j = 0; j < TAPS; j++) {
      transform.kernel(j, TAPS + j, 2 * TAPS + j, SPARE, HALF + SPAN * j);
    }
    for (int u = 0; u < SPAN; u++) {
      int first = HALF + u;
      transform.kernel(first, first + SPAN, first + 2 * SPAN, SPARE, 0);
      for (int v = 0; v < SPAN; v++) {
        to.storeVector(v, taps.point(u, v), 0);
      }
    }
  }

  private void tap(int i, int j, int down, int across) {
    int register = taps.register(i, j);
    if (!taps.has(i, j, down, across)) {
      to.clearVector(register);
      return;
    }
    to.loadVector(register, taps.at(i, j, down, across), WinogradTaps.FIRST);
    if (together == 2) {
      Address next = taps.next(i, j, down, across);
      to.vector(VectorOp.LOAD, register, 0, next, WinogradTaps.SECOND);
      to.vector(VectorOp.PICK, register, IN_TURNS, register);
    }
  }
}
