package io.kalamos.kernels;

import static io.kalamos.kernels.WinogradConvolution.POINTS;
import static io.kalamos.kernels.WinogradConvolution.SPAN;

import java.util.stream.IntStream;

/// Writes the loops over the points of a [WinogradConvolution], each with those tiles that want it:
/// the points at infinity are for whole tiles only.
final class WinogradPoints {
  private static final int ROUNDS = Assembler.POINTERS[7];

  /// What is done at a point.
  interface Work {
    /// Writes the code for these tiles, counted through pictures and their rows of tiles.
    void multiply(int[] tiles);

    /// Goes on to the next point.
    void next();
  }

  private final WinogradConvolution shape;
  private final Routine to;
  private final int lines;

  WinogradPoints(WinogradConvolution shape, Frame frame, Routine to) {
    this.shape = shape;
    this.to = to;
    lines = frame.pointer();
  }

  /// Writes the code for so many rows of tiles of each of some pictures.
  void write(int pictures, int rows, Work work) {
    int across = shape.tilesAcross();
    int wide = shape.across().whole();
    int tall = rows == shape.tilesDown() ? shape.down().whole() : rows;
    int[] all = tiles(pictures, rows, rows, across);
    if (wide == across && tall == rows) {
      points(POINTS, all, work);
      return;
    }
    to.set(Assembler.WORK, SPAN - 1);
    to.save(lines, Assembler.WORK);
    int line = to.size();
    points(SPAN - 1, all, work);
    points(1, tiles(pictures, rows, rows, wide), work);
    to.advance(lines, -1);
    to.jump(Assembler.NOT_ZERO, line);
    points(SPAN - 1, tiles(pictures, rows, tall, across), work);
    points(1, tiles(pictures, rows, tall, wide), work);
  }

  /// The tiles at the beginning of each of the first rows.
  private int[] tiles(int pictures, int rows, int firstRows, int firstColumns) {
    int across = shape.tilesAcross();
    return IntStream.range(0, pictures * rows * across)
        .filter(tile -> tile / across % rows < firstRows && tile % across < firstColumns)
        .toArray();
  }

  /// Some neighbouring points.
  private void points(int count, int[] tiles, Work work) {
    int point = to.repeat(ROUNDS, count);
    if (tiles.length > 0) {
      work.multiply(tiles);
    }
    work.next();
    to.again(ROUNDS, point);
  }
}
