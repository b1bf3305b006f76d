package io.kalamos.kernels;

import static io.kalamos.kernels.Address.at;
import static io.kalamos.kernels.Routine.LANES;
import static io.kalamos.kernels.Routine.VECTOR;
import static io.kalamos.kernels.WinogradConvolution.SPAN;
import static io.kalamos.kernels.WinogradConvolution.TILE;

import java.util.ArrayList;
import java.util.List;

/// The part of [WinogradCode] that makes results of products. Vectors hold filters.
final class WinogradResults extends WinogradTiles {
  private static final int BIAS = Assembler.POINTERS[3];
  private static final int PRODUCTS = Assembler.POINTERS[4];
  private static final int TARGET = Assembler.POINTERS[6];

  /// Filters of the last vector.
  private static final int FILTER_TAIL = 1;

  /// The first mask of rows of squares.
  private static final int PIECE = 4;

  private final WinogradTransform transform;
  private final int bias;

  /// @param bias where the frame holds the address of the bias, if there is one
  WinogradResults(WinogradConvolution shape, Frame frame, Routine to, int bias) {
    super(shape, frame, to);
    transform = new WinogradTransform(to, frame);
    this.bias = bias;
  }

  @Override
  int tileBytes() {
    return shape.filterBytes();
  }

  @Override
  void tile(int places, int across) {
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
    int mask = filterMask(FILTER_TAIL, Assembler.COLUMN);
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
