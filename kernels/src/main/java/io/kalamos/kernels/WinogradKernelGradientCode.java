package io.kalamos.kernels;

import static io.kalamos.kernels.Address.at;
import static io.kalamos.kernels.Routine.LANES;
import static io.kalamos.kernels.Routine.VECTOR;
import static io.kalamos.kernels.WinogradConvolution.SPAN;
import static io.kalamos.kernels.WinogradConvolution.TAPS;

import java.util.stream.IntStream;

/// Writes the machine code for the gradient of a kernel of a [WinogradConvolution].
///
/// The convolution transforms pixels and kernels, multiplies, and transforms what comes out. Read
/// backwards: gradients of results are transformed, multiplied with the transformed pixels, summed
/// over all tiles, and the sums become taps.
final class WinogradKernelGradientCode implements WinogradTurns.Work {
  private static final int KERNEL = Assembler.POINTERS[0];
  private static final int SUMS = Assembler.POINTERS[3];
  private static final int TAP = Assembler.POINTERS[4];
  private static final int SUM = Assembler.POINTERS[5];
  private static final int CHANNELS = Assembler.POINTERS[6];
  private static final int FILTERS = Assembler.COLUMN;

  /// Lanes of a vector for the filters of one channel, and for those of the next.
  private static final int FIRST = 1;

  private static final int SECOND = 2;

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
  private final int together;
  private final int held;

  private WinogradKernelGradientCode(WinogradConvolution shape) {
    this.shape = shape;
    gradients = new WinogradGradients(shape, frame, to);
    sums = new WinogradSums(shape, frame, to);
    together = shape.channelsTogether();
    held = LANES / together;
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
    to.load(KERNEL, Frame.INPUTS + 24);
    to.start(SUMS, WinogradTurns.SCRATCH, shape.sumsAt());
    to.loadVector(APART, Address.frame(apart()), 0);
    for (int down = 0; down < shape.stride(); down++) {
      for (int across = 0; across < shape.stride(); across++) {
        channels(down, across);
      }
    }
    return to.leave();
  }

  @Override
  public void begin() {
    gradients.restart();
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

  /// All channels of one pixel of the squares.
  private void channels(int down, int across) {
    to.move(TAP, KERNEL);
    to.move(SUM, SUMS);
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
    to.add(SUM, VECTOR, true);
    to.again(FILTERS, vector);
    to.add(TAP, 4 * (together * shape.filters() - held * shape.kernelVectors()), true);
    to.again(CHANNELS, channel);
    to.add(SUMS, shape.channels() / together * shape.stepBytes(), true);
  }

  private void kernel(int down, int across) {
    int apart = shape.steps() * shape.stepBytes();
    for (int v = 0; v < SPAN; v++) {
      int[] column = IntStream.range(COLUMN, COLUMN + SPAN).toArray();
      for (int u = 0; u < SPAN; u++) {
        to.loadVector(column[u], at(SUM, (SPAN * u + v) * apart), 0);
      }
      int made = v;
      transform.taps(
          column,
          SPARE,
          RESULT,
          (register, k) -> to.vector(VectorOp.MOVE, SPAN * k + made, 0, register));
    }
    for (int k = 0; k < TAPS; k++) {
      int row = k * shape.stride() + down;
      transform.taps(
          IntStream.range(SPAN * k, SPAN * k + SPAN).toArray(),
          SPARE,
          RESULT,
          (register, l) -> tap(register, row, l * shape.stride() + across));
    }
  }

  private void tap(int register, int row, int column) {
    if (row >= shape.kernelHeight() || column >= shape.kernelWidth()) {
      return;
    }
    int place = row * shape.kernelWidth() + column;
    int at = 4 * place * shape.channels() * shape.filters();
    if (together == 2) {
      to.vector(VectorOp.PICK, register, APART, register);
      int next = at + 4 * (shape.filters() - held);
      to.storeVector(register, at(TAP, next), SECOND);
    }
    to.storeVector(register, at(TAP, at), FIRST);
  }
}
