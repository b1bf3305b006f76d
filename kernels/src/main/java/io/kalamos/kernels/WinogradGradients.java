package io.kalamos.kernels;

import static io.kalamos.kernels.Address.at;
import static io.kalamos.kernels.Routine.LANES;
import static io.kalamos.kernels.Routine.VECTOR;
import static io.kalamos.kernels.WinogradConvolution.SPAN;
import static io.kalamos.kernels.WinogradConvolution.TILE;

import java.util.stream.IntStream;

/// The part of [WinogradKernelGradientCode] that transforms gradients of results. Vectors hold
/// filters, or each of half as many twice where those of kernels hold two channels.
final class WinogradGradients extends WinogradTiles {
  private static final int FROM = Assembler.POINTERS[3];
  private static final int TARGET = Assembler.POINTERS[4];

  /// Filters of the last vector.
  private static final int FILTER_TAIL = 1;

  // Registers behind those of which one axis is transformed
  private static final int COLUMN = TILE * SPAN;
  private static final int SPARE = COLUMN + TILE;
  private static final int TWICE = SPARE + 3;

  private final WinogradTransform transform;
  private final int together;

  /// Lanes of the first eight filters, each twice, and of those behind them.
  private final int low;

  private final int high;

  WinogradGradients(WinogradConvolution shape, Frame frame, Routine to) {
    super(shape, frame, to);
    transform = new WinogradTransform(to, frame);
    together = shape.channelsTogether();
    low = frame.vector(IntStream.range(0, LANES).map(i -> i / 2).toArray());
    high = frame.vector(IntStream.range(0, LANES).map(i -> LANES / 2 + i / 2).toArray());
  }

  @Override
  int tileBytes() {
    return shape.stepBytes();
  }

  @Override
  void tile(int places, int across) {
    to.move(FROM, NEXT);
    to.move(TARGET, TILES);
    int vector = to.repeat(Assembler.COLUMN, shape.vectors());
    transform(places, across, filterMask(FILTER_TAIL, Assembler.COLUMN));
    to.add(FROM, VECTOR, true);
    to.add(TARGET, VECTOR * together, true);
    to.again(Assembler.COLUMN, vector);
  }

  /// Down the columns into up to 24 registers, then across. Asks for the next row of tiles.
  private void transform(int places, int across, int mask) {
    int ahead = TILE * shape.placesAcross() * shape.filters();
    for (int column = 0; column < across; column++) {
      int[] g = IntStream.range(COLUMN, COLUMN + places).toArray();
      for (int row = 0; row < places; row++) {
        int element = (row * shape.placesAcross() + column) * shape.filters();
        to.loadVector(g[row], at(FROM, 4 * element), mask);
        to.prefetch(at(FROM, 4 * (element + ahead)));
      }
      int made = column;
      transform.gradients(
          g, SPARE, (register, u) -> to.vector(VectorOp.MOVE, TILE * u + made, 0, register));
    }
    if (together == 2) {
      to.loadVector(TWICE, Address.frame(low), 0);
    }
    int points = places == TILE ? SPAN : SPAN - 1;
    for (int u = 0; u < points; u++) {
      int line = u;
      int[] g = IntStream.range(TILE * u, TILE * u + across).toArray();
      transform.gradients(
          g, COLUMN, (register, v) -> store(register, (SPAN * line + v) * shape.gradientsApart()));
    }
  }

  private void store(int register, int place) {
    if (together == 1) {
      to.storeVector(register, at(TARGET, place), 0);
      return;
    }
    to.vector(VectorOp.PICK, SPARE, TWICE, register);
    to.storeVector(SPARE, at(TARGET, place), 0);
    to.loadVector(SPARE, Address.frame(high), 0);
    to.vector(VectorOp.PICK, SPARE, SPARE, register);
    to.storeVector(SPARE, at(TARGET, place + VECTOR), 0);
  }
}
