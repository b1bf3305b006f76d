package io.kalamos.kernels;

import static io.kalamos.kernels.Address.at;
import static io.kalamos.kernels.Routine.LANES;
import static io.kalamos.kernels.Routine.VECTOR;

import java.util.stream.IntStream;

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

  /// Lanes of a vector for the filters of one channel, and for those of the next.
  private static final int FIRST = 1;

  private static final int SECOND = 2;

  // Registers: nine taps, three times six of which one axis is transformed, two spare ones.
  private static final int HALF = TAPS * TAPS;
  private static final int SPARE = HALF + TAPS * WinogradConvolution.SPAN;
  private static final int IN_TURNS = 31;

  private final WinogradConvolution shape;
  private final int together;
  private final int held;
  private final Frame frame = new Frame(2);
  private final Routine to = new Routine(frame);
  private final WinogradTransform transform = new WinogradTransform(to, frame);

  private WinogradKernelCode(WinogradConvolution shape) {
    this.shape = shape;
    together = shape.channelsTogether();
    held = LANES / together;
  }

  /// Input: kernel; output: the transformed one.
  static Written write(WinogradConvolution shape) {
    return new WinogradKernelCode(shape).all();
  }

  private Written all() {
    to.enter();
    to.load(KERNEL, Frame.INPUTS);
    to.load(TRANSFORMED, Frame.INPUTS + 8);
    to.loadVector(IN_TURNS, Address.frame(inTurns()), 0);
    for (int down = 0; down < shape.stride(); down++) {
      for (int across = 0; across < shape.stride(); across++) {
        channels(down, across);
      }
    }
    return to.leave();
  }

  /// Lanes of the first half and of the second one.
  private int inTurns() {
    return frame.vector(IntStream.range(0, LANES).map(i -> i / 2 + i % 2 * LANES / 2).toArray());
  }

  /// All channels of one pixel of the squares.
  private void channels(int down, int across) {
    to.move(TAP, KERNEL);
    to.move(RESULT, TRANSFORMED);
    int channel = to.repeat(CHANNELS, shape.channels() / together);
    int vector = to.repeat(FILTERS, shape.kernelVectors());
    int last = shape.filters() - (shape.kernelVectors() - 1) * held;
    to.setByRound(Assembler.WORK, (1 << held) - 1, (1 << last) - 1, FILTERS);
    to.setMask(FIRST, Assembler.WORK);
    if (together == 2) {
      to.shiftLeftBy(Assembler.WORK, held);
      to.setMask(SECOND, Assembler.WORK);
    }
    kernel(down, across);
    to.add(TAP, 4 * held, true);
    to.add(RESULT, VECTOR, true);
    to.again(FILTERS, vector);
    to.add(TAP, 4 * (together * shape.filters() - held * shape.kernelVectors()), true);
    to.again(CHANNELS, channel);
    to.add(TRANSFORMED, shape.channels() / together * shape.stepBytes(), true);
  }

  private void kernel(int down, int across) {
    for (int i = 0; i < TAPS; i++) {
      for (int j = 0; j < TAPS; j++) {
        int place = shape.turned() ? TAPS * TAPS - 1 - TAPS * i - j : TAPS * i + j;
        tap(place, i * shape.stride() + down, j * shape.stride() + across);
      }
    }
    int span = WinogradConvolution.SPAN;
    for (int j = 0; j < TAPS; j++) {
      transform.kernel(j, TAPS + j, 2 * TAPS + j, SPARE, HALF + span * j);
    }
    int apart = shape.steps() * shape.stepBytes();
    for (int u = 0; u < span; u++) {
      int first = HALF + u;
      transform.kernel(first, first + span, first + 2 * span, SPARE, 0);
      for (int v = 0; v < span; v++) {
        to.storeVector(v, at(RESULT, (span * u + v) * apart), 0);
      }
    }
  }

  private void tap(int register, int row, int column) {
    if (row >= shape.kernelHeight() || column >= shape.kernelWidth()) {
      to.clearVector(register);
      return;
    }
    int place = row * shape.kernelWidth() + column;
    int at = 4 * place * shape.channels() * shape.filters();
    to.loadVector(register, at(TAP, at), FIRST);
    if (together == 2) {
      int next = at + 4 * (shape.filters() - held);
      to.vector(VectorOp.LOAD, register, 0, at(TAP, next), SECOND);
      to.vector(VectorOp.PICK, register, IN_TURNS, register);
    }
  }
}
