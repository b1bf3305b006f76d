package io.kalamos.kernels;

import static io.kalamos.kernels.Address.at;
import static io.kalamos.kernels.Routine.LANES;
import static io.kalamos.kernels.Routine.VECTOR;
import static io.kalamos.kernels.WinogradConvolution.SPAN;
import static io.kalamos.kernels.WinogradConvolution.TILE;
import static io.kalamos.kernels.WinogradTurns.RESULTS;
import static io.kalamos.kernels.WinogradTurns.SCRATCH;

import java.util.stream.IntStream;

/// The part of [WinogradKernelGradientCode] that transforms gradients of results. Vectors hold
/// filters, or each of half as many twice where those of kernels hold two channels.
final class WinogradGradients {
  private static final int FROM = Assembler.POINTERS[3];
  private static final int TARGET = Assembler.POINTERS[4];
  private static final int TILES = Assembler.POINTERS[5];
  private static final int ROUNDS = Assembler.POINTERS[7];
  private static final int NEXT = Assembler.ELEMENT;

  /// Filters of the last vector.
  private static final int FILTER_TAIL = 1;

  // Registers behind those of which one axis is transformed
  private static final int COLUMN = TILE * SPAN;
  private static final int SPARE = COLUMN + TILE;
  private static final int TWICE = SPARE + 3;

  private final WinogradConvolution shape;
  private final Routine to;
  private final WinogradTransform transform;
  private final int together;
  private final int rowsLeft;
  private final int target;

  /// Lanes of the first eight filters, each twice, and of those behind them.
  private final int low;

  private final int high;

  WinogradGradients(WinogradConvolution shape, Frame frame, Routine to) {
    this.shape = shape;
    this.to = to;
    transform = new WinogradTransform(to, frame);
    together = shape.channelsTogether();
    rowsLeft = frame.pointer();
    target = frame.pointer();
    low = frame.vector(IntStream.range(0, LANES).map(i -> i / 2).toArray());
    high = frame.vector(IntStream.range(0, LANES).map(i -> LANES / 2 + i / 2).toArray());
  }

  /// What all pictures need.
  void prepare() {
    to.set(Assembler.WORK, shape.tilesDown());
    to.save(rowsLeft, Assembler.WORK);
  }

  /// From here on transformed gradients go to the beginning of their place.
  void restart() {
    to.start(Assembler.WORK, SCRATCH, shape.gradientsAt());
    to.save(target, Assembler.WORK);
  }

  /// Writes the code for the next rows of tiles.
  void write(int rows) {
    WinogradConvolution.Side down = shape.down();
    to.load(TILES, target);
    int row = to.repeat(ROUNDS, rows);
    if (down.larger() == down.smaller()) {
      rowOfTiles(down.larger());
    } else {
      to.load(Assembler.WORK, rowsLeft);
      to.compare(Assembler.WORK, down.smallerTiles() + 1);
      int smaller = to.jumpAhead(Assembler.BELOW);
      rowOfTiles(down.larger());
      int done = to.jumpAhead();
      to.land(smaller);
      rowOfTiles(down.smaller());
      to.land(done);
      to.advance(rowsLeft, -1);
      int more = to.jumpAhead(Assembler.NOT_ZERO);
      prepare();
      to.land(more);
    }
    to.again(ROUNDS, row);
    to.save(target, TILES);
  }

  private void rowOfTiles(int places) {
    WinogradConvolution.Side across = shape.across();
    to.move(NEXT, RESULTS);
    tiles(across.tiles() - across.smallerTiles(), places, across.larger());
    tiles(across.smallerTiles(), places, across.smaller());
    to.add(RESULTS, 4 * places * shape.placesAcross() * shape.filters(), true);
  }

  private void tiles(int count, int places, int across) {
    if (count == 0) {
      return;
    }
    int tile = to.repeat(Assembler.ROW, count);
    to.move(FROM, NEXT);
    to.move(TARGET, TILES);
    int vector = to.repeat(Assembler.COLUMN, shape.vectors());
    int mask = 0;
    if (shape.filters() % LANES != 0) {
      mask = FILTER_TAIL;
      to.setByRound(Assembler.WORK, 0xFFFF, (1 << shape.filters() % LANES) - 1, Assembler.COLUMN);
      to.setMask(FILTER_TAIL, Assembler.WORK);
    }
    tile(places, across, mask);
    to.add(FROM, VECTOR, true);
    to.add(TARGET, VECTOR * together, true);
    to.again(Assembler.COLUMN, vector);
    to.add(NEXT, 4 * across * shape.filters(), true);
    to.add(TILES, shape.stepBytes(), true);
    to.again(Assembler.ROW, tile);
  }

  /// Down the columns into up to 24 registers, then across. Asks for the next row of tiles.
  private void tile(int places, int across, int mask) {
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
