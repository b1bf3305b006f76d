package io.kalamos.kernels;

import static io.kalamos.kernels.Address.at;
import static io.kalamos.kernels.Routine.LANES;
import static io.kalamos.kernels.Routine.VECTOR;
import static io.kalamos.kernels.WinogradConvolution.POINTS;
import static io.kalamos.kernels.WinogradConvolution.SPAN;
import static io.kalamos.kernels.WinogradConvolution.TILE;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Writes the machine code of a [WinogradConvolution] whose kernels are transformed already.
///
/// Some rows of a picture are copied between zeros and transformed, first down their columns, then
/// across; for each of the 36 points a matrix of tiles and channels is multiplied with one of
/// channels and filters; and 36 products of a tile and filter are transformed to its 16 results.
/// Vectors hold channels in the first transform, filters afterwards.
final class WinogradCode {
  private static final int REGISTERS = 32;

  /// Steps along the channels of a square without a loop.
  private static final int STEPS = 4;

  /// Vectors of kernels that are multiplied at once, at most, and sums of products with them.
  private static final int MOST_VECTORS = 3;

  private static final int SUMS = 24;

  /// In each quarter two filters of the first vector, then two of the second, in their order.
  private static final int IN_ORDER = 31;

  private static final int PICTURES = Assembler.POINTERS[0];
  private static final int RESULTS = Assembler.POINTERS[1];
  private static final int SCRATCH = Assembler.POINTERS[2];
  private static final int FROM = Assembler.POINTERS[3];
  private static final int ALONG = Assembler.POINTERS[4];
  private static final int TILES = Assembler.POINTERS[5];
  private static final int TARGET = Assembler.POINTERS[6];
  private static final int ROUNDS = Assembler.POINTERS[7];
  private static final int NEXT = Assembler.ELEMENT;
  private static final int INNER = Assembler.SHIFT;

  /// Filters, channels of a square's row, and pixels of a picture's row that the last vector holds.
  private static final int FILTER_TAIL = 1;

  private static final int CHANNEL_TAIL = 2;
  private static final int PIXEL_TAIL = 3;

  /// The first mask of rows of squares.
  private static final int PIECE = 4;

  private final WinogradConvolution shape;
  private final int together;
  private final Frame frame;
  private final Routine to;
  private final WinogradTransform transform;
  private final int bias = Frame.INPUTS + 24;
  private final int result;
  private final int pictureBytes;
  private final int pictures;
  private final int bands;
  private final int rowNumber;
  private final int rowsLeft;
  private final int pixels;
  private final int products;
  private final int inOrder;

  private WinogradCode(WinogradConvolution shape) {
    this.shape = shape;
    together = shape.channelsTogether();
    int inputs = shape.bias() ? 4 : 3;
    frame = new Frame(inputs + 1);
    result = Frame.INPUTS + 8 * inputs;
    to = new Routine(frame);
    transform = new WinogradTransform(to, frame);
    pictureBytes = 4 * shape.width() * shape.channels();
    pictures = frame.pointer();
    bands = frame.pointer();
    rowNumber = frame.pointer();
    rowsLeft = frame.pointer();
    pixels = frame.pointer();
    products = frame.pointer();
    inOrder =
        frame.vector(
            IntStream.range(0, LANES).map(i -> i % 8 / 2 * 4 + i / 8 * 2 + i % 2).toArray());
  }

  /// Inputs: pictures, transformed kernels, scratch memory, bias; output: results.
  static Written write(WinogradConvolution shape) {
    return new WinogradCode(shape).all();
  }

  private Written all() {
    to.enter();
    to.load(PICTURES, Frame.INPUTS);
    to.load(SCRATCH, Frame.INPUTS + 16);
    to.load(RESULTS, result);
    to.load(Assembler.COUNT, Frame.ROWS);
    to.set(Assembler.WORK, shape.tilesDown());
    to.save(rowsLeft, Assembler.WORK);
    if (shape.line() % LANES != 0) {
      to.maskOfFirst(CHANNEL_TAIL, shape.line() % LANES);
    }
    if (elements() % LANES != 0) {
      to.maskOfFirst(PIXEL_TAIL, elements() % LANES);
    }
    clearLines();
    for (int count = shape.together(); count > 0; count /= 2) {
      to.compare(Assembler.COUNT, count);
      int few = to.jumpAhead(Assembler.BELOW);
      int top = to.size();
      if (count > 1) {
        severalPictures(count);
      } else {
        onePicture();
      }
      to.add(Assembler.COUNT, -count, true);
      to.compare(Assembler.COUNT, count);
      to.jump(Assembler.NOT_BELOW, top);
      to.land(few);
    }
    return to.leave();
  }

  private void severalPictures(int count) {
    keepStart(pixels, shape.pixelsAt());
    each(
        pictures,
        count,
        () -> {
          beginPicture();
          pixels(shape.tilesDown());
          to.add(PICTURES, shape.height() * pictureBytes, true);
        });
    products(count * shape.tiles());
    keepStart(products, shape.productsAt());
    each(pictures, count, () -> results(shape.tilesDown()));
  }

  private void onePicture() {
    int band = shape.band();
    beginPicture();
    each(
        bands,
        shape.tilesDown() / band,
        () -> {
          keepStart(pixels, shape.pixelsAt());
          pixels(band);
          products(band * shape.tilesAcross());
          keepStart(products, shape.productsAt());
          results(band);
        });
    to.add(PICTURES, shape.height() * pictureBytes, true);
  }

  /// Windows begin above it.
  private void beginPicture() {
    to.set(Assembler.WORK, -shape.top());
    to.saveWord(rowNumber, Assembler.WORK);
  }

  private void keepStart(int slot, int place) {
    start(Assembler.WORK, place);
    to.save(slot, Assembler.WORK);
  }

  private void each(int slot, int count, Runnable body) {
    to.set(Assembler.WORK, count);
    to.save(slot, Assembler.WORK);
    int top = to.size();
    body.run();
    to.advance(slot, -1);
    to.jump(Assembler.NOT_ZERO, top);
  }

  /// The row of zeros, and what lies beside the pictures in the rows between the transforms.
  private void clearLines() {
    to.clearVector(0);
    to.move(FROM, SCRATCH);
    int vector = to.repeat(Assembler.ROW, shape.pixelsAt() / VECTOR);
    to.storeVector(0, at(FROM, 0), 0);
    to.add(FROM, VECTOR, true);
    to.again(Assembler.ROW, vector);
  }

  // Pixels

  private void pixels(int rows) {
    transform.loadConstants(REGISTERS - WinogradTransform.CONSTANTS);
    int row = to.repeat(ROUNDS, rows);
    for (int down = 0; down < shape.stride(); down++) {
      transformDown(down);
      transformAcross(down);
    }
    to.loadWord(Assembler.WORK, rowNumber);
    to.add(Assembler.WORK, TILE * shape.stride(), false);
    to.saveWord(rowNumber, Assembler.WORK);
    to.advance(pixels, 4 * shape.tilesAcross() * shape.depth());
    to.again(ROUNDS, row);
  }

  /// One row of each square, for the six rows of squares under a row of tiles.
  private void transformDown(int down) {
    int[] rows = {FROM, ALONG, TILES, INNER, Assembler.COLUMN, Assembler.WORK};
    to.loadWord(NEXT, rowNumber);
    to.add(NEXT, down, false);
    for (int row : rows) {
      rowOfPicture(row);
      to.add(NEXT, shape.stride(), false);
    }
    start(TARGET, shape.linesAt() + 4 * shape.left() * shape.channels());
    to.clear(NEXT);
    if (elements() >= LANES) {
      int vector = to.repeat(Assembler.ROW, elements() / LANES);
      transformDown(rows, 0);
      to.add(NEXT, VECTOR, true);
      to.again(Assembler.ROW, vector);
    }
    if (elements() % LANES > 0) {
      transformDown(rows, PIXEL_TAIL);
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

  private void transformDown(int[] rows, int mask) {
    for (int i = 0; i < SPAN; i++) {
      to.loadVector(i, at(rows[i], NEXT, 0), mask);
    }
    int[] transformed = transformed();
    for (int u = 0; u < SPAN; u++) {
      to.storeVector(transformed[u], at(TARGET, NEXT, u * shape.rowBytes()), mask);
    }
  }

  /// The address of a place of the scratch memory.
  private void start(int register, int place) {
    to.move(register, SCRATCH);
    to.add(register, place, true);
  }

  private int[] transformed() {
    return transform.pixels(0, SPAN, REGISTERS - WinogradTransform.CONSTANTS);
  }

  private void transformAcross(int down) {
    int line = 4 * shape.line();
    int apart = shape.pixelsApart();
    start(TARGET, shape.linesAt());
    to.load(NEXT, pixels);
    to.add(NEXT, down * line, true);
    int point = to.repeat(Assembler.COLUMN, SPAN);
    to.move(FROM, TARGET);
    to.move(INNER, NEXT);
    int tile = to.repeat(Assembler.ROW, shape.tilesAcross());
    for (int at = 0; at < line; at += VECTOR) {
      for (int j = 0; j < SPAN; j++) {
        to.loadVector(j, at(FROM, j * line + at), 0);
      }
      int[] transformed = transformed();
      for (int v = 0; v < SPAN; v++) {
        int mask = at + VECTOR > line ? CHANNEL_TAIL : 0;
        to.storeVector(transformed[v], at(INNER, v * apart + at), mask);
      }
    }
    to.add(FROM, TILE * line, true);
    to.add(INNER, 4 * shape.depth(), true);
    to.again(Assembler.ROW, tile);
    to.add(TARGET, shape.rowBytes(), true);
    to.add(NEXT, SPAN * apart, true);
    to.again(Assembler.COLUMN, point);
  }

  // Products

  /// For each point the product of so many tiles' pixels with the kernels.
  private void products(int tiles) {
    start(ALONG, shape.pixelsAt());
    start(TARGET, shape.productsAt());
    to.load(TILES, Frame.INPUTS + 8);
    int point = to.repeat(ROUNDS, POINTS);
    to.move(FROM, TILES);
    to.move(INNER, TARGET);
    int vectors = shape.kernelVectors();
    int usual = vectors <= MOST_VECTORS ? vectors : 2;
    int rest = vectors % usual;
    int columns = to.repeat(Assembler.ROW, vectors / usual);
    filters(tiles, usual);
    to.again(Assembler.ROW, columns);
    if (rest > 0) {
      filters(tiles, rest);
    }
    to.add(ALONG, shape.pixelsApart(), true);
    to.add(TILES, shape.steps() * shape.stepBytes(), true);
    to.add(TARGET, shape.productsApart(), true);
    to.again(ROUNDS, point);
  }

  /// All tiles for some vectors of kernels, in equal parts as far as they divide.
  private void filters(int tiles, int vectors) {
    int most = SUMS / vectors;
    int parts = (tiles + most - 1) / most;
    for (int part = 0; part < parts; part++) {
      int first = tiles * part / parts;
      part(first, tiles * (part + 1) / parts - first, vectors);
    }
    to.add(FROM, VECTOR * vectors, true);
    to.add(INNER, VECTOR * ((vectors + together - 1) / together), true);
  }

  /// The sum of tile t and vector v is in register `vectors * t + v`.
  private void part(int first, int tiles, int vectors) {
    to.move(NEXT, ALONG);
    to.add(NEXT, 4 * first * shape.depth(), true);
    to.move(Assembler.WORK, FROM);
    for (int sum = 0; sum < tiles * vectors; sum++) {
      to.clearVector(sum);
    }
    int rounds = shape.steps() / STEPS;
    if (rounds > 0) {
      int top = to.repeat(Assembler.COLUMN, rounds);
      steps(STEPS, tiles, vectors);
      to.add(NEXT, 4 * together * STEPS, true);
      to.add(Assembler.WORK, STEPS * shape.stepBytes(), true);
      to.again(Assembler.COLUMN, top);
    }
    steps(shape.steps() % STEPS, tiles, vectors);
    if (together == 2) {
      to.loadVector(IN_ORDER, Address.frame(inOrder), 0);
    }
    for (int t = 0; t < tiles; t++) {
      int place = (first + t) * shape.filterBytes();
      for (int v = 0; v < vectors; v += together) {
        int sum = vectors * t + v;
        if (together == 2) {
          sum = channelsAdded(sum, v + 1 < vectors ? sum + 1 : sum);
        }
        to.storeVector(sum, at(INNER, place + VECTOR * v / together), 0);
      }
    }
  }

  private void steps(int count, int tiles, int vectors) {
    int kernels = tiles * vectors;
    int spare = kernels + vectors;
    VectorOp repeated = together == 2 ? VectorOp.BROADCAST_PAIR : VectorOp.BROADCAST;
    for (int step = 0; step < count; step++) {
      for (int v = 0; v < vectors; v++) {
        to.loadVector(kernels + v, at(Assembler.WORK, step * shape.stepBytes() + VECTOR * v), 0);
      }
      for (int t = 0; t < tiles; t++) {
        int pixels = spare + t % (REGISTERS - spare);
        int place = 4 * (t * shape.depth() + together * step);
        to.vector(repeated, pixels, 0, at(NEXT, place));
        for (int v = 0; v < vectors; v++) {
          to.addProduct(vectors * t + v, pixels, kernels + v);
        }
      }
    }
  }

  /// Two vectors of sums over every other channel, in turns, as one of filters; returns its
  /// register.
  private int channelsAdded(int low, int high) {
    int even = IN_ORDER - 1;
    int odd = IN_ORDER - 2;
    to.vector(VectorOp.SHUFFLE, even, low, high, 0x88);
    to.vector(VectorOp.SHUFFLE, odd, low, high, 0xDD);
    to.vector(VectorOp.ADD, even, even, odd);
    to.vector(VectorOp.PICK, even, IN_ORDER, even);
    return even;
  }

  // Results

  private void results(int rows) {
    int last = shape.places() - TILE * (shape.tilesDown() - 1);
    to.load(TILES, products);
    int row = to.repeat(ROUNDS, rows);
    if (last == TILE) {
      rowOfTiles(TILE);
    } else {
      to.advance(rowsLeft, -1);
      int more = to.jumpAhead(Assembler.NOT_ZERO);
      to.set(Assembler.WORK, shape.tilesDown());
      to.save(rowsLeft, Assembler.WORK);
      rowOfTiles(last);
      int done = to.jumpAhead();
      to.land(more);
      rowOfTiles(TILE);
      to.land(done);
    }
    to.again(ROUNDS, row);
    to.save(products, TILES);
  }

  private void rowOfTiles(int places) {
    int last = shape.placesAcross() - TILE * (shape.tilesAcross() - 1);
    int whole = last == TILE ? shape.tilesAcross() : shape.tilesAcross() - 1;
    to.move(NEXT, RESULTS);
    if (whole > 0) {
      int tile = to.repeat(Assembler.ROW, whole);
      tile(places, TILE);
      to.add(NEXT, 4 * TILE * shape.resultLine(), true);
      to.again(Assembler.ROW, tile);
    }
    if (last < TILE) {
      tile(places, last);
    }
    to.add(RESULTS, 4 * places * shape.placesAcross() * shape.filters(), true);
  }

  private void tile(int places, int across) {
    to.move(ALONG, TILES);
    to.move(TARGET, NEXT);
    if (shape.spread() == 1) {
      eachFilter(places, across);
    } else {
      for (int vector = 0; vector < shape.vectors(); vector++) {
        results(places, across, 0, pieces(vector));
        to.add(ALONG, VECTOR, true);
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
      to.load(FROM, bias);
    }
    int vector = to.repeat(Assembler.COLUMN, shape.vectors());
    int mask = 0;
    if (shape.filters() % LANES != 0) {
      mask = FILTER_TAIL;
      to.setByRound(Assembler.WORK, 0xFFFF, (1 << shape.filters() % LANES) - 1, Assembler.COLUMN);
      to.setMask(FILTER_TAIL, Assembler.WORK);
    }
    results(places, across, mask, List.of(new Piece(mask, 0)));
    to.add(ALONG, VECTOR, true);
    to.add(TARGET, VECTOR, true);
    if (shape.bias()) {
      to.add(FROM, VECTOR, true);
    }
    to.again(Assembler.COLUMN, vector);
  }

  /// Down the columns into 24 registers, then across.
  private void results(int places, int across, int mask, List<Piece> pieces) {
    int free = TILE * SPAN;
    int[] column = {free, free + 1, free + 2, free + 3, free + 4, free + 5};
    for (int v = 0; v < SPAN; v++) {
      for (int u = 0; u < SPAN; u++) {
        to.loadVector(column[u], at(ALONG, (SPAN * u + v) * shape.productsApart()), 0);
      }
      int[] made = {TILE * v, TILE * v + 1, TILE * v + 2, TILE * v + 3};
      transform.results(column, free + SPAN, made, (register, place) -> {});
    }
    int addend = free + 6;
    int zero = free + 7;
    if (shape.bias()) {
      to.loadVector(addend, at(FROM, 0), mask);
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
