package io.kalamos.kernels;

import static io.kalamos.kernels.Address.at;
import static io.kalamos.kernels.Routine.LANES;
import static io.kalamos.kernels.Routine.REGISTERS;
import static io.kalamos.kernels.Routine.VECTOR;
import static io.kalamos.kernels.WinogradConvolution.SPAN;
import static io.kalamos.kernels.WinogradTurns.PICTURES;
import static io.kalamos.kernels.WinogradTurns.SCRATCH;

/// The part of [WinogradCode] that transforms pixels, row of tiles by row of tiles: first down
/// their columns, into rows between zeros, then across. Vectors hold channels.
final class WinogradPixels {
  private static final int CONSTANTS = REGISTERS - WinogradTransform.CONSTANTS;

  private static final int FROM = Assembler.POINTERS[3];
  private static final int TARGET = Assembler.POINTERS[4];
  private static final int ROUNDS = Assembler.POINTERS[5];
  private static final int NEXT = Assembler.ELEMENT;
  private static final int INNER = Assembler.SHIFT;

  /// The rows of a picture under a row of tiles.
  private static final int[] ROWS = {
    FROM, INNER, Assembler.COLUMN, Assembler.WORK, Assembler.POINTERS[6], Assembler.POINTERS[7]
  };

  /// Channels of a square's row, and pixels of a picture's row that the last vector holds.
  private static final int CHANNEL_TAIL = 2;

  private static final int PIXEL_TAIL = 3;

  private final WinogradConvolution shape;
  private final Routine to;
  private final WinogradTransform transform;
  private final int pictureBytes;
  private final int rowNumber;
  private final int rowsLeft;
  private final int target;

  WinogradPixels(WinogradConvolution shape, Frame frame, Routine to) {
    this.shape = shape;
    this.to = to;
    transform = new WinogradTransform(to, frame);
    pictureBytes = 4 * shape.width() * shape.channels();
    rowNumber = frame.pointer();
    rowsLeft = frame.pointer();
    target = frame.pointer();
  }

  /// What all pictures need: masks, zeros beside them, and a row of zeros.
  void prepare() {
    if (shape.line() % LANES != 0) {
      to.maskOfFirst(CHANNEL_TAIL, shape.line() % LANES);
    }
    if (elements() % LANES != 0) {
      to.maskOfFirst(PIXEL_TAIL, elements() % LANES);
    }
    to.clearVector(0);
    to.move(FROM, SCRATCH);
    int vector = to.repeat(Assembler.ROW, shape.pixelsAt() / VECTOR);
    to.storeVector(0, at(FROM, 0), 0);
    to.add(FROM, VECTOR, true);
    to.again(Assembler.ROW, vector);
  }

  /// From here on transformed pixels go to the beginning of their place.
  void restart() {
    to.start(Assembler.WORK, SCRATCH, shape.pixelsAt());
    to.save(target, Assembler.WORK);
  }

  /// Windows begin above the picture.
  void beginPicture() {
    to.set(Assembler.WORK, -shape.top());
    to.saveWord(rowNumber, Assembler.WORK);
    to.set(Assembler.WORK, shape.tilesDown());
    to.save(rowsLeft, Assembler.WORK);
  }

  void endPicture() {
    to.add(PICTURES, shape.height() * pictureBytes, true);
  }

  /// Writes the code for the next rows of tiles.
  void write(int rows) {
    transform.loadConstants(CONSTANTS);
    int row = to.repeat(ROUNDS, rows);
    for (int down = 0; down < shape.stride(); down++) {
      transformDown(down);
      transformAcross(down);
    }
    nextRow();
    to.advance(target, 4 * shape.tilesAcross() * shape.depth());
    to.again(ROUNDS, row);
  }

  private void nextRow() {
    WinogradConvolution.Side down = shape.down();
    to.loadWord(NEXT, rowNumber);
    to.add(NEXT, down.smaller() * shape.stride(), false);
    if (down.larger() > down.smaller()) {
      to.load(Assembler.WORK, rowsLeft);
      to.compare(Assembler.WORK, down.smallerTiles() + 1);
      int smaller = to.jumpAhead(Assembler.BELOW);
      to.add(NEXT, shape.stride(), false);
      to.land(smaller);
      to.advance(rowsLeft, -1);
    }
    to.saveWord(rowNumber, NEXT);
  }

  /// One row of each square, for the six rows of squares under a row of tiles.
  private void transformDown(int down) {
    to.loadWord(NEXT, rowNumber);
    to.add(NEXT, down, false);
    for (int row : ROWS) {
      rowOfPicture(row);
      to.add(NEXT, shape.stride(), false);
    }
    to.start(TARGET, SCRATCH, shape.linesAt() + 4 * shape.left() * shape.channels());
    to.clear(NEXT);
    if (elements() >= LANES) {
      int vector = to.repeat(Assembler.ROW, elements() / LANES);
      transformDownBy(0);
      to.add(NEXT, VECTOR, true);
      to.again(Assembler.ROW, vector);
    }
    if (elements() % LANES > 0) {
      transformDownBy(PIXEL_TAIL);
    }
  }

  /// Numbers of a picture's row that windows look at.
  private int elements() {
    int most = shape.rowBytes() / 4 - shape.left() * shape.channels();
    return Math.min(shape.width() * shape.channels(), most);
  }

  /// The address of the row whose number is [#NEXT], or of zeros if the picture has no such row.
  private void rowOfPicture(int register) {
    to.move(register, SCRATCH);
    to.compare(NEXT, shape.height());
    int outside = to.jumpAhead(Assembler.NOT_BELOW);
    to.multiply(register, NEXT, pictureBytes);
    to.add(register, PICTURES);
    to.land(outside);
  }

  private void transformDownBy(int mask) {
    for (int i = 0; i < SPAN; i++) {
      to.loadVector(i, at(ROWS[i], NEXT, 0), mask);
    }
    int[] transformed = transformed();
    for (int u = 0; u < SPAN; u++) {
      to.storeVector(transformed[u], at(TARGET, NEXT, u * shape.rowBytes()), mask);
    }
  }

  private int[] transformed() {
    return transform.pixels(0, SPAN, CONSTANTS);
  }

  private void transformAcross(int down) {
    int line = 4 * shape.line();
    int apart = shape.pixelsApart();
    to.start(TARGET, SCRATCH, shape.linesAt());
    to.load(NEXT, target);
    to.add(NEXT, down * line, true);
    int point = to.repeat(Assembler.COLUMN, SPAN);
    to.move(FROM, TARGET);
    to.move(INNER, NEXT);
    WinogradConvolution.Side across = shape.across();
    tiles(across.tiles() - across.smallerTiles(), across.larger());
    tiles(across.smallerTiles(), across.smaller());
    to.add(TARGET, shape.rowBytes(), true);
    to.add(NEXT, SPAN * apart, true);
    to.again(Assembler.COLUMN, point);
  }

  /// Neighbouring tiles with so many results across.
  private void tiles(int count, int places) {
    if (count == 0) {
      return;
    }
    int line = 4 * shape.line();
    int apart = shape.pixelsApart();
    int tile = to.repeat(Assembler.ROW, count);
    for (int at = 0; at < line; at += VECTOR) {
      for (int v = 0; v < SPAN; v++) { // of the next points
        to.prefetchToWrite(at(INNER, (SPAN + v) * apart + at));
      }
      for (int j = 0; j < SPAN; j++) {
        to.loadVector(j, at(FROM, j * line + at), 0);
      }
      int[] transformed = transformed();
      for (int v = 0; v < SPAN; v++) {
        int mask = at + VECTOR > line ? CHANNEL_TAIL : 0;
        to.storeVector(transformed[v], at(INNER, v * apart + at), mask);
      }
    }
    to.add(FROM, places * line, true);
    to.add(INNER, 4 * shape.depth(), true);
    to.again(Assembler.ROW, tile);
  }
}
