package io.kalamos.kernels;

import static io.kalamos.kernels.WinogradTurns.RESULTS;
import static io.kalamos.kernels.WinogradTurns.SCRATCH;

/// Writes the loops over the tiles of a [WinogradConvolution] by their rows in the results, or in
/// what flows back to these.
abstract class WinogradTiles {
  /// Where the scratch memory holds what belongs to the next tile.
  static final int TILES = Assembler.POINTERS[5];

  /// Where the next tile begins in the results.
  static final int NEXT = Assembler.ELEMENT;

  private static final int ROUNDS = Assembler.POINTERS[7];

  final WinogradConvolution shape;
  final Routine to;
  private final int rowsLeft;
  private final int reached;

  WinogradTiles(WinogradConvolution shape, Frame frame, Routine to) {
    this.shape = shape;
    this.to = to;
    rowsLeft = frame.pointer();
    reached = frame.pointer();
  }

  /// Writes the code for a tile of so many results down and across.
  abstract void tile(int places, int across);

  /// Bytes of scratch memory that belong to a tile at each point.
  abstract int tileBytes();

  /// What all pictures need.
  final void prepare() {
    to.set(Assembler.WORK, shape.tilesDown());
    to.save(rowsLeft, Assembler.WORK);
  }

  /// From here on tiles lie from this place of the scratch memory on.
  final void restart(int place) {
    to.start(Assembler.WORK, SCRATCH, place);
    to.save(reached, Assembler.WORK);
  }

  /// Writes the code for the next rows of tiles.
  final void write(int rows) {
    WinogradConvolution.Side down = shape.down();
    to.load(TILES, reached);
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
    to.save(reached, TILES);
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
    tile(places, across);
    to.add(NEXT, 4 * across * shape.resultLine(), true);
    to.add(TILES, tileBytes(), true);
    to.again(Assembler.ROW, tile);
  }

  /// Sets a mask to the filters of a vector, while a loop counts down the vectors that are left;
  /// returns it, or 0 where all vectors are full.
  final int filterMask(int mask, int left) {
    int last = shape.filters() % Routine.LANES;
    if (last == 0) {
      return 0;
    }
    to.setByRound(Assembler.WORK, 0xFFFF, (1 << last) - 1, left);
    to.setMask(mask, Assembler.WORK);
    return mask;
  }
}
