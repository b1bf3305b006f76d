package io.kalamos.kernels;

import static io.kalamos.kernels.Address.at;
import static io.kalamos.kernels.Routine.LANES;
import static io.kalamos.kernels.Routine.REGISTERS;
import static io.kalamos.kernels.Routine.VECTOR;

import java.util.stream.IntStream;

/// Writes the machine code of [DirectConvolution].
///
/// Each picture is copied between zeros. Then the sums of a block of places lie in registers, a
/// vector for each place and 16 filters, or for two neighbouring places and half as many: there
/// filters and places take turns in the lanes, until the sums are stored.
final class DirectConvolutionCode {
  private static final int PICTURES = Assembler.POINTERS[0];
  private static final int RESULTS = Assembler.POINTERS[1];
  private static final int LINE = Assembler.POINTERS[2];
  private static final int RESULT_LINE = Assembler.POINTERS[3];
  private static final int PIXELS = Assembler.POINTERS[4];
  private static final int TARGET = Assembler.POINTERS[5];
  private static final int ROWS = Assembler.ELEMENT;
  private static final int COLUMNS = Assembler.COLUMN;

  /// Mask of the last filters, of one place or two.
  private static final int TAIL = 1;

  /// Mask of a row's last numbers.
  private static final int LAST_NUMBERS = 2;

  /// Mask of the last numbers that the windows of a block see.
  private static final int LAST_SEEN = 3;

  private static final int OUTCOME = 4;

  private final DirectConvolution shape;
  private final Frame frame;
  private final Routine to;
  private final int result;
  private final int padded;
  private final int kernel;
  private final int bias;

  /// Vectors of lanes: each one of a filter twice, and each sum where the results want it.
  private final int twice;

  private final int turned;
  private final int together;
  private final int vectors;
  private final int columns;
  private final int rows;
  private final int sums;

  /// Registers behind the sums: a pixel, zeros, then all elements of the kernel, or those of a tap.
  private final int pixel;

  private final int zero;
  private final int elements;
  private final boolean kept;

  private DirectConvolutionCode(DirectConvolution shape) {
    this.shape = shape;
    int inputs = shape.bias() ? 3 : 2;
    frame = new Frame(inputs + 1);
    to = new Routine(frame);
    result = Frame.INPUTS + 8 * inputs;
    together = shape.placesTogether();
    vectors = shape.vectors();
    columns = shape.blockColumns();
    rows = shape.blockRows();
    sums = rows * columns / together * vectors;
    pixel = sums;
    zero = sums + 1;
    elements = sums + 2;
    kept = elements + shape.taps() * vectors <= REGISTERS;
    padded = frame.vectors(shape.paddedRows() * shape.rowBytes() / 4);
    kernel = frame.vectors(shape.taps() * vectors * LANES);
    bias = frame.vectors(vectors * LANES);
    twice = frame.vector(IntStream.range(0, LANES).map(i -> i / 2).toArray());
    turned = frame.vector(IntStream.range(0, LANES).map(this::lane).toArray());
  }

  /// Inputs: pictures, kernel, bias; output: results.
  static Written write(DirectConvolution shape) {
    return new DirectConvolutionCode(shape).all();
  }

  /// The lane of two places' sums that belongs at this place of the results.
  private int lane(int place) {
    return place < 2 * shape.filters() ? place % shape.filters() * 2 + place / shape.filters() : 0;
  }

  private Written all() {
    to.enter();
    copyKernel();
    to.maskOfFirst(TAIL, together == 2 ? 2 * shape.filters() : shape.filters() % LANES);
    to.maskOfFirst(LAST_NUMBERS, numbers() % LANES);
    to.maskOfFirst(LAST_SEEN, seen() % LANES);
    to.clearVector(zero);
    if (kept) {
      for (int i = 0; i < shape.taps() * vectors; i++) {
        to.loadVector(elements + i, Address.frame(kernel + i * VECTOR), 0);
      }
    }
    to.load(PICTURES, Frame.INPUTS);
    to.load(RESULTS, result);
    to.load(Assembler.COUNT, Frame.ROWS);
    to.test(Assembler.COUNT);
    int none = to.jumpAhead(Assembler.ZERO);
    int top = to.size();
    copyPicture();
    lines();
    to.add(RESULTS, 4 * shape.places() * resultLine(), true);
    to.again(Assembler.COUNT, top);
    to.land(none);
    return to.leave();
  }

  /// Numbers of a row of results.
  private int resultLine() {
    return shape.placesAcross() * shape.filters();
  }

  // Copies

  /// The kernel, and the bias, by vectors as the sums are.
  private void copyKernel() {
    int last = shape.filters() - (vectors - 1) * LANES;
    to.maskOfFirst(TAIL, last % LANES);
    if (together == 2) {
      to.loadVector(1, Address.frame(twice), 0);
    }
    to.load(PICTURES, Frame.INPUTS + 8);
    for (int tap = 0; tap < shape.taps(); tap++) {
      copyFilters(PICTURES, tap * shape.filters(), kernel + tap * vectors * VECTOR);
    }
    if (shape.bias()) {
      to.load(PICTURES, Frame.INPUTS + 16);
      copyFilters(PICTURES, 0, bias);
    }
  }

  private void copyFilters(int from, int first, int place) {
    for (int v = 0; v < vectors; v++) {
      boolean tail = v == vectors - 1 && shape.filters() % LANES != 0;
      to.loadVector(0, at(from, 4 * first + v * VECTOR), tail ? TAIL : 0);
      if (together == 2) {
        to.vector(VectorOp.PICK, 0, 1, 0);
      }
      to.storeVector(0, Address.frame(place + v * VECTOR), 0);
    }
  }

  /// Numbers of a picture's row that are copied.
  private int numbers() {
    return Math.min(shape.width() * shape.channels(), shape.paddedLine() - left());
  }

  private int left() {
    return shape.left() * shape.channels();
  }

  private void copyPicture() {
    int line = 4 * shape.width() * shape.channels();
    int count = numbers() > 0 ? Math.clamp(shape.paddedRows() - shape.top(), 0, shape.height()) : 0;
    if (count > 0) {
      to.start(PIXELS, padded + shape.top() * shape.rowBytes() + 4 * left());
      int top = to.repeat(ROWS, count);
      for (int number = 0; number < numbers(); number += LANES) {
        int mask = number + LANES > numbers() ? LAST_NUMBERS : 0;
        to.loadVector(0, at(PICTURES, 4 * number), mask);
        to.storeVector(0, at(PIXELS, 4 * number), mask);
      }
      to.add(PICTURES, line, true);
      to.add(PIXELS, shape.rowBytes(), true);
      to.again(ROWS, top);
    }
    to.add(PICTURES, (shape.height() - count) * line, true);
  }

  // Blocks

  private void lines() {
    to.start(LINE, padded);
    to.move(RESULT_LINE, RESULTS);
    steps(
        ROWS,
        shape.places(),
        rows,
        () -> {
          to.move(PIXELS, LINE);
          to.move(TARGET, RESULT_LINE);
          steps(COLUMNS, shape.placesAcross(), columns, this::block, this::across);
        },
        this::down);
  }

  private void down(int distance) {
    to.add(LINE, distance * shape.rowBytes(), true);
    to.add(RESULT_LINE, distance * 4 * resultLine(), true);
  }

  private void across(int distance) {
    to.add(PIXELS, distance * 4 * shape.channels(), true);
    to.add(TARGET, distance * 4 * shape.filters(), true);
  }

  private interface Move {
    void by(int distance);
  }

  /// Goes over all in blocks of a size; the last one begins earlier where they do not come out
  /// even.
  private void steps(int counter, int all, int size, Runnable block, Move move) {
    int whole = all / size;
    int top = to.repeat(counter, whole);
    block.run();
    move.by(size);
    to.again(counter, top);
    if (all % size > 0) {
      move.by(all % size - size);
      block.run();
    }
  }

  private void block() {
    eachSum((sum, row, column, v) -> begin(sum, v));
    look();
    int blank = to.jumpAhead(Assembler.ZERO);
    for (int tap = 0; tap < shape.taps(); tap++) {
      multiply(tap);
    }
    to.land(blank);
    if (together == 2) {
      to.loadVector(pixel, Address.frame(turned), 0);
    }
    eachSum(this::end);
  }

  private interface Sum {
    void accept(int sum, int row, int column, int v);
  }

  /// Each sum with its row, its first column and its vector of filters.
  private void eachSum(Sum code) {
    int sum = 0;
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column += together) {
        for (int v = 0; v < vectors; v++) {
          code.accept(sum++, row, column, v);
        }
      }
    }
  }

  private void begin(int sum, int v) {
    if (shape.bias()) {
      to.loadVector(sum, Address.frame(bias + v * VECTOR), 0);
    } else {
      to.clearVector(sum);
    }
  }

  /// Numbers of a row that the windows of a block see.
  private int seen() {
    return (columns + shape.kernelWidth() - 1) * shape.channels();
  }

  /// The flags say whether the windows see zeros only.
  private void look() {
    boolean first = true;
    for (int number = 0; number < seen(); number += LANES) {
      int mask = number + LANES > seen() ? LAST_SEEN : 0;
      for (int row = 0; row < rows + shape.kernelHeight() - 1; row++) {
        Address numbers = at(PIXELS, row * shape.rowBytes() + 4 * number);
        if (first) {
          to.loadVector(pixel, numbers, mask);
          first = false;
        } else {
          to.vector(VectorOp.OR, pixel, pixel, numbers, mask);
        }
      }
    }
    to.vector(VectorOp.TEST, OUTCOME, pixel, pixel);
    to.getMask(Assembler.WORK, OUTCOME);
    to.test(Assembler.WORK);
  }

  /// Adds what one number of each window gives.
  private void multiply(int tap) {
    int line = shape.kernelWidth() * shape.channels();
    int[] factors = new int[vectors];
    for (int v = 0; v < vectors; v++) {
      factors[v] = elements + (kept ? tap * vectors + v : v);
      if (!kept) {
        to.loadVector(factors[v], Address.frame(kernel + (tap * vectors + v) * VECTOR), 0);
      }
    }
    eachSum(
        (sum, row, column, v) -> {
          int displacement =
              (row + tap / line) * shape.rowBytes() + 4 * (column * shape.channels() + tap % line);
          Address number = new Address(PIXELS, -1, 0, displacement, -1, together == 1);
          if (together == 1 && vectors == 1) {
            to.addProduct(sum, factors[v], number, 0);
            return;
          }
          if (v == 0) {
            to.vector(
                together == 2 ? VectorOp.BROADCAST_PAIR : VectorOp.BROADCAST, pixel, 0, number);
          }
          to.addProduct(sum, factors[v], pixel);
        });
  }

  private void end(int sum, int row, int column, int v) {
    if (shape.relu()) {
      to.vector(VectorOp.MAXIMUM, sum, zero, sum); // a NaN as the second one stays
    }
    if (together == 2) {
      to.vector(VectorOp.PICK, sum, pixel, sum);
    }
    int place = row * resultLine() + column * shape.filters() + v * LANES;
    int stored = together == 2 ? 2 * shape.filters() : Math.min(LANES, shape.filters() - v * LANES);
    to.storeVector(sum, at(TARGET, 4 * place), stored == LANES ? 0 : TAIL);
  }
}
