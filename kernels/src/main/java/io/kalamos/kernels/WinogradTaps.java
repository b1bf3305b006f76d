package io.kalamos.kernels;

import static io.kalamos.kernels.Routine.LANES;
import static io.kalamos.kernels.Routine.VECTOR;
import static io.kalamos.kernels.WinogradConvolution.TAPS;

/// Writes the loops over the channels and filters of a kernel of a [WinogradConvolution], and tells
/// where its taps lie.
final class WinogradTaps {
  /// The kernel; to be set before [#each].
  static final int KERNEL = Assembler.POINTERS[0];

  /// The transformed kernels; to be set too.
  static final int TRANSFORMED = Assembler.POINTERS[3];

  /// The first tap of a channel and some filters, and their first point.
  static final int TAP = Assembler.POINTERS[4];

  static final int POINT = Assembler.POINTERS[5];

  private static final int CHANNELS = Assembler.POINTERS[6];
  private static final int FILTERS = Assembler.COLUMN;

  /// Lanes of a vector for the filters of one channel, and for those of the next if it holds two.
  static final int FIRST = 1;

  static final int SECOND = 2;

  private final WinogradConvolution shape;
  private final Routine to;
  private final int together;
  private final int held;

  WinogradTaps(WinogradConvolution shape, Routine to) {
    this.shape = shape;
    this.to = to;
    together = shape.channelsTogether();
    held = LANES / together;
  }

  /// What is done with a kernel of some channels and filters.
  interface Kernel {
    /// Writes the code for a pixel of the squares.
    void write(int down, int across);
  }

  void each(Kernel kernel) {
    for (int down = 0; down < shape.stride(); down++) {
      for (int across = 0; across < shape.stride(); across++) {
        channels(kernel, down, across);
      }
    }
  }

  private void channels(Kernel kernel, int down, int across) {
    to.move(TAP, KERNEL);
    to.move(POINT, TRANSFORMED);
    int channel = to.repeat(CHANNELS, shape.channels() / together);
    int vector = to.repeat(FILTERS, shape.kernelVectors());
    int last = shape.filters() - (shape.kernelVectors() - 1) * held;
    to.setByRound(Assembler.WORK, (1 << held) - 1, (1 << last) - 1, FILTERS);
    to.setMask(FIRST, Assembler.WORK);
    if (together == 2) {
      to.shiftLeftBy(Assembler.WORK, held);
      to.setMask(SECOND, Assembler.WORK);
    }
    kernel.write(down, across);
    to.add(TAP, 4 * held, true);
    to.add(POINT, VECTOR, true);
    to.again(FILTERS, vector);
    to.add(TAP, 4 * (together * shape.filters() - held * shape.kernelVectors()), true);
    to.again(CHANNELS, channel);
    to.add(TRANSFORMED, shape.channels() / together * shape.stepBytes(), true);
  }

  /// Whether the kernel has a tap in row i and column j of the squares, for a pixel of these.
  boolean has(int i, int j, int down, int across) {
    return i * shape.stride() + down < shape.kernelHeight()
        && j * shape.stride() + across < shape.kernelWidth();
  }

  /// Where such a tap lies.
  Address at(int i, int j, int down, int across) {
    int row = i * shape.stride() + down;
    int place = row * shape.kernelWidth() + j * shape.stride() + across;
    return Address.at(TAP, 4 * place * shape.channels() * shape.filters());
  }

  /// Where that of the next channel lies, as seen from its lanes.
  Address next(int i, int j, int down, int across) {
    return Address.at(TAP, at(i, j, down, across).displacement + 4 * (shape.filters() - held));
  }

  /// The transformed kernel at a point.
  Address point(int u, int v) {
    int apart = shape.steps() * shape.stepBytes();
    return Address.at(POINT, (WinogradConvolution.SPAN * u + v) * apart);
  }

  /// The register of row i and column j, of nine that are turned where the shape asks for it.
  int register(int i, int j) {
    int place = TAPS * i + j;
    return shape.turned() ? TAPS * TAPS - 1 - place : place;
  }
}
