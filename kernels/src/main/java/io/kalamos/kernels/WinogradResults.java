package io.kalamos.kernels;

import static io.kalamos.kernels.Address.at;
import static io.kalamos.kernels.Routine.LANES;
import static io.kalamos.kernels.Routine.VECTOR;
import static io.kalamos.kernels.WinogradConvolution.SPAN;
import static io.kalamos.kernels.WinogradConvolution.TILE;
import static io.kalamos.kernels.WinogradTurns.RESULTS;
import static io.kalamos.kernels.WinogradTurns.SCRATCH;

import java.util.ArrayList;
import java.util.List;

/// The part of [WinogradCode] that makes results of products. Vectors hold filters.
final class WinogradResults {
  private static final int BIAS = Assembler.POINTERS[3];
  private static final int PRODUCTS = Assembler.POINTERS[4];
  private static final int TILES = Assembler.POINTERS[5];
  private static final int TARGET = Assembler.POINTERS[6];
  private static final int ROUNDS = Assembler.POINTERS[7];
  private static final int NEXT = Assembler.ELEMENT;

  /// Filters of the last vector.
  private static final int FILTER_TAIL = 1;

  /// The first mask of rows of squares.
  private static final int PIECE = 4;

  private final WinogradConvolution shape;
  private final Routine to;
  private final WinogradTransform transform;
  private final int bias;
  private final int rowsLeft;
  private final int products;

  /// @param bias where the frame holds the address of the bias, if there is one
  WinogradResults(WinogradConvolution shape, Frame frame, Routine to, int bias) {
    this.shape = shape;
    this.to = to;
    transform = new WinogradTransform(to, frame);
    this.bias = bias;
    rowsLeft = frame.pointer();
    products = frame.pointer();
  }

  /// What all pictures need.
  void prepare() {
    to.set(Assembler.WORK, shape.tilesDown());
    to.save(rowsLeft, Assembler.WORK);
  }

  /// From here on products come from the beginning of their place.
  void restart() {
    to.start(Assembler.WORK, SCRATCH, shape.productsAt());
    to.save(products, Assembler.WORK);
  }

  /// Writes the code for the next rows of tiles.
  void write(int rows) {
    WinogradConvolution.Side down = shape.down();
    to.load(TILES, products);
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
    to.save(products, TILES);
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
    to.again(Assembler.ROW, tile);
  }

  private void tile(int places, int across) {
    to.move(PRODUCTS, TILES);
    to.move(TARGET, NEXT);
    if (shape.spread() == 1) {
      eachFilter(places, across);
    } else {
      for (int vector = 0; vector < shape.vectors(); vector++) {
        results(places, across, 0, pieces(vector));
        to.add(PRODUCTS, VECTOR, true);
      }
    }
    to.add(TILES, shape.filterBytes(), true);
  }

  /// Where some lanes of a vector go to.
  private record Piece(int mask, int place) {}

  /// The lanes of each row of a square. Sets their masks.
  private List<Piece> pieces(int vector) {
    int line = shape.resultLine();
    int from = LANES * vector;
    int end = Math.min(from + LANES, shape.filters());
    List<Piece> pieces = new ArrayList<>();
    for (int row = from / line; row * line < end; row++) {
      int first = Math.max(0, row * line - from);
      int last = Math.min(end, (row + 1) * line) - from;
      int mask = PIECE + pieces.size();
      to.mask(mask, (1 << last) - (1 << first));
      pieces.add(new Piece(mask, VECTOR * vector + 4 * row * line * (shape.placesAcross() - 1)));
    }
    return pieces;
  }

  private void eachFilter(int places, int across) {
    if (shape.bias()) {
      to.load(BIAS, bias);
    }
    int vector = to.repeat(Assembler.COLUMN, shape.vectors());
    int mask = 0;
    if (shape.filters() % LANES != 0) {
      mask = FILTER_TAIL;
      to.setByRound(Assembler.WORK, 0xFFFF, (1 << shape.filters() % LANES) - 1, Assembler.COLUMN);
      to.setMask(FILTER_TAIL, Assembler.WORK);
    }
    results(places, across, mask, List.of(new Piece(mask, 0)));
    to.add(PRODUCTS, VECTOR, true);
    to.add(TARGET, VECTOR, true);
    if (shape.bias()) {
      to.add(BIAS, VECTOR, true);
    }
    to.again(Assembler.COLUMN, vector);
  }

  /// Down the columns into 24 registers, then across.
  private void results(int places, int across, int mask, List<Piece> pieces) {
    int free = TILE * SPAN;
    int[] column = {free, free + 1, free + 2, free + 3, free + 4, free + 5};
    for (int v = 0; v < SPAN; v++) {
      for (int u = 0; u < SPAN; u++) {
        to.loadVector(column[u], at(PRODUCTS, (SPAN * u + v) * shape.productsApart()), 0);
      }
      int[] made = {TILE * v, TILE * v + 1, TILE * v + 2, TILE * v + 3};
      transform.results(column, free + SPAN, made, (register, place) -> {});
    }
    int addend = free + 6;
    int zero = free + 7;
    if (shape.bias()) {
      to.loadVector(addend, at(BIAS, 0), mask);
    }
    if (shape.relu()) {
      to.clearVector(zero);
    }
    for (int r = 0; r < places; r++) {
      int[] row = {r, r + TILE, r + 2 * TILE, r + 3 * TILE, r + 4 * TILE, r + 5 * TILE};
      int first = 4 * r * shape.placesAcross() * shape.filters();
      transform.results(
          row,
          free,
          new int[] {free + 2, free + 3, free + 4, free + 5},
          (register, place) -> {
            if (place < across) {
              end(register, addend, zero);
              int at = first + 4 * place * shape.resultLine();
              pieces.forEach(
                  piece -> to.storeVector(register, at(TARGET, at + piece.place), piece.mask));
            }
          });
    }
  }

  private void end(int register, int addend, int zero) {
    if (shape.bias()) {
      to.vector(VectorOp.ADD, register, register, addend);
    }
    if (shape.relu()) {
      to.vector(VectorOp.MAXIMUM, register, zero, register); // a NaN as the second one stays
    }
  }
}
