package io.kalamos.kernels;

import static io.kalamos.kernels.Address.at;
import static io.kalamos.kernels.Routine.LANES;
import static io.kalamos.kernels.Routine.VECTOR;

/// Writes the machine code that transforms the kernels of a [WinogradConvolution]: 36 matrices
/// (channels of a square of pixels, filters), the filters rounded up to whole vectors.
final class WinogradKernelCode {
  private static final int TAPS = 3;

  private static final int KERNEL = Assembler.POINTERS[0];
  private static final int TRANSFORMED = Assembler.POINTERS[1];
  private static final int TAP = Assembler.POINTERS[2];
  private static final int RESULT = Assembler.POINTERS[3];
  private static final int CHANNELS = Assembler.POINTERS[4];
  private static final int FILTERS = Assembler.COLUMN;

  /// Filters of the last vector.
  private static final int TAIL = 1;

  // Registers: nine taps, three times six of which one axis is transformed, two spare ones.
  private static final int HALF = TAPS * TAPS;
  private static final int SPARE = HALF + TAPS * WinogradConvolution.SPAN;

  private final WinogradConvolution shape;
  private final Frame frame = new Frame(2);
  private final Routine to = new Routine(frame);
  private final WinogradTransform transform = new WinogradTransform(to, frame);

  private WinogradKernelCode(WinogradConvolution shape) {
    this.shape = shape;
  }

  /// Input: kernel; output: the transformed one.
  static Written write(WinogradConvolution shape) {
    return new WinogradKernelCode(shape).all();
  }

  private Written all() {
    to.enter();
    to.load(KERNEL, Frame.INPUTS);
    to.load(TRANSFORMED, Frame.INPUTS + 8);
    for (int down = 0; down < shape.stride(); down++) {
      for (int across = 0; across < shape.stride(); across++) {
        channels(down, across);
      }
    }
    return to.leave();
  }

  /// All channels of one pixel of the squares.
  private void channels(int down, int across) {
    to.move(TAP, KERNEL);
    to.move(RESULT, TRANSFORMED);
    int channel = to.repeat(CHANNELS, shape.channels());
    int vector = to.repeat(FILTERS, shape.vectors());
    int mask = 0;
    if (shape.filters() % LANES != 0) {
      mask = TAIL;
      to.setByRound(Assembler.WORK, 0xFFFF, (1 << shape.filters() % LANES) - 1, FILTERS);
      to.setMask(TAIL, Assembler.WORK);
    }
    kernel(down, across, mask);
    to.add(TAP, VECTOR, true);
    to.add(RESULT, VECTOR, true);
    to.again(FILTERS, vector);
    to.add(TAP, 4 * shape.filters() - shape.filterBytes(), true);
    to.again(CHANNELS, channel);
    to.add(TRANSFORMED, shape.channels() * shape.filterBytes(), true);
  }

  private void kernel(int down, int across, int mask) {
    for (int i = 0; i < TAPS; i++) {
      for (int j = 0; j < TAPS; j++) {
        tap(TAPS * i + j, i * shape.stride() + down, j * shape.stride() + across, mask);
      }
    }
    int span = WinogradConvolution.SPAN;
    for (int j = 0; j < TAPS; j++) {
      transform.kernel(j, TAPS + j, 2 * TAPS + j, SPARE, HALF + span * j);
    }
    int apart = shape.depth() * shape.filterBytes();
    for (int u = 0; u < span; u++) {
      int first = HALF + u;
      transform.kernel(first, first + span, first + 2 * span, SPARE, 0);
      for (int v = 0; v < span; v++) {
        to.storeVector(v, at(RESULT, (span * u + v) * apart), 0);
      }
    }
  }

  private void tap(int register, int row, int column, int mask) {
    if (row >= shape.kernelHeight() || column >= shape.kernelWidth()) {
      to.clearVector(register);
      return;
    }
    int place = row * shape.kernelWidth() + column;
    to.loadVector(register, at(TAP, 4 * place * shape.channels() * shape.filters()), mask);
  }
}
