package io.kalamos.kernels;

import static io.kalamos.kernels.Address.at;
import static io.kalamos.kernels.MatrixProductCode.A;
import static io.kalamos.kernels.MatrixProductCode.ALONG_A;
import static io.kalamos.kernels.MatrixProductCode.ALONG_B;
import static io.kalamos.kernels.MatrixProductCode.B;
import static io.kalamos.kernels.MatrixProductCode.BLOCKS;
import static io.kalamos.kernels.MatrixProductCode.DEEP_TAIL;
import static io.kalamos.kernels.MatrixProductCode.PANEL;
import static io.kalamos.kernels.MatrixProductCode.PANELS;
import static io.kalamos.kernels.MatrixProductCode.PLACES;
import static io.kalamos.kernels.MatrixProductCode.STEPS;
import static io.kalamos.kernels.MatrixProductCode.TAIL;
import static io.kalamos.kernels.MatrixProductCode.TILES;
import static io.kalamos.kernels.MatrixProductCode.UNROLL;
import static io.kalamos.kernels.Routine.LANES;
import static io.kalamos.kernels.Routine.VECTOR;

import io.kalamos.engine.DType;

/// Writes the code that copies parts of a product's operands into the order in which they are read:
/// a strip of some rows of a, panels of two vectors' columns of b.
///
/// Panels hold a step along k after the other. So does a strip of an operand whose columns lie
/// together (`transposeA`); otherwise its rows are kept whole, apart from each other in the cache.
///
/// Where blanks are left out, a strip holds the other steps without gaps, and a list says where
/// each of them lies in a panel; zeros at its end fill up the last turn of the loop.
final class ProductPacking {
  /// Mask of a strip's rows.
  private static final int ROWS = 3;

  /// Mask of the steps that are no blanks.
  private static final int LIVE = 4;

  // Registers while a strip is copied, beside those of its rows.
  private static final int SOME = 16;
  private static final int OFFSETS = 17;
  private static final int FURTHER = 18;
  private static final int ZEROS = 19;
  private static final int SCALE = 20;

  private final MatrixProduct product;
  private final Routine to;
  private final int depth;
  private final int lastDepth;
  private final int scale;

  /// @param scale a vector of the frame, by which picked data are multiplied
  ProductPacking(MatrixProduct product, Routine to, int depth, int lastDepth, int scale) {
    this.scale = scale;
    this.product = product;
    this.to = to;
    this.depth = depth;
    this.lastDepth = lastDepth;
  }

  // Where things lie

  int stripBytes(int rows) {
    return product.transposeA() ? (depth + UNROLL) * VECTOR : rows * rowOfStrip();
  }

  private int rowOfStrip() {
    return 4 * depth + VECTOR;
  }

  int panelBytes() {
    return depth * PANEL;
  }

  /// Bytes from one step along k to the next in a strip.
  int stepOfStrip() {
    return product.transposeA() ? VECTOR : 4;
  }

  /// An element of a strip.
  Address element(int step, int row) {
    int across = product.transposeA() ? 4 : rowOfStrip();
    return new Address(ALONG_A, -1, 0, row * across + step * stepOfStrip(), -1, true);
  }

  // Strips of a

  /// Strips have so many rows from here on.
  void rows(int rows) {
    if (product.transposeA()) {
      to.maskOfFirst(ROWS, rows);
    }
  }

  /// Copies a strip from `A` and `ALONG_A` to `PANELS`, without its blanks; `PLACES` runs through
  /// the list of the other steps and remains behind the last one.
  ///
  /// @param offsets a vector of the frame: where the first steps lie in a panel
  /// @param further another one: how much further the next vector's steps lie
  void stripWithoutBlanks(int rows, int offsets, int further) {
    to.clearVector(ZEROS);
    if (product.picked() != null) {
      to.loadVector(SCALE, Address.frame(scale), 0);
    }
    if (product.transposeA()) {
      to.clear(Assembler.COLUMN);
      eachStep(
          () -> {
            steps(0, 0, ROWS);
            to.vector(VectorOp.TEST, LIVE, 0, 0);
            to.getMask(Assembler.WORK, LIVE);
            number(0);
            to.storeVector(0, at(PANELS, 0), 0);
            to.saveInt(at(PLACES, 0), Assembler.COLUMN);
            to.ifNotZero(Assembler.WORK, VECTOR);
            to.add(PANELS, Assembler.WORK);
            to.shiftRightBy(Assembler.WORK, 4);
            to.add(PLACES, Assembler.WORK);
            to.add(Assembler.COLUMN, PANEL, false);
            to.add(ALONG_A, product.alongA(), true);
          });
      for (int step = 0; step < UNROLL; step++) {
        to.storeVector(ZEROS, at(PANELS, step * VECTOR), 0);
      }
    } else {
      to.loadVector(OFFSETS, Address.frame(offsets), 0);
      to.loadVector(FURTHER, Address.frame(further), 0);
      alongRows(() -> liveSteps(rows, 0), () -> liveSteps(rows, DEEP_TAIL), ALONG_A, PANELS);
      for (int r = 0; r < rows; r++) {
        to.storeVector(ZEROS, at(PANELS, r * rowOfStrip()), 0);
      }
    }
    to.storeVector(ZEROS, at(PLACES, 0), 0);
  }

  /// Loads what row `row` of a strip holds next, as it lies, and asks for the next strip of the
  /// same columns or block of k. A transposed strip is one such row at a time.
  private void steps(int register, int row, int mask) {
    int ahead = product.transposeA() ? VECTOR : product.elementOfA() * depth;
    if (product.picked() == null) {
      int place = row * product.rowOfA();
      to.loadVector(register, at(ALONG_A, place), mask);
      to.prefetch(at(ALONG_A, place + ahead));
      return;
    }
    int table = product.transposeA() ? ALONG_A : A;
    int column = product.transposeA() ? A : ALONG_A;
    to.loadLong(Assembler.WORK, at(table, row * Long.BYTES));
    boolean bytes = product.picked().type() == DType.UINT8;
    VectorOp load = bytes ? VectorOp.LOAD_BYTES : VectorOp.LOAD;
    to.load(load, register, at(Assembler.WORK, column, 0), mask);
    to.prefetch(at(Assembler.WORK, column, ahead));
  }

  /// What was loaded becomes a number of a.
  private void number(int register) {
    if (product.picked() == null) {
      return;
    }
    if (product.picked().type() == DType.UINT8) {
      to.vector(VectorOp.FROM_INT, register, 0, register);
    }
    if (product.picked().scale() != 1) {
      to.vector(VectorOp.MULTIPLY, register, register, SCALE);
    }
  }

  private void liveSteps(int rows, int mask) {
    for (int r = 0; r < rows; r++) {
      steps(r, r, mask);
      to.vector(VectorOp.OR, SOME, r == 0 ? r : SOME, r);
    }
    to.vector(VectorOp.TEST, LIVE, SOME, SOME);
    for (int r = 0; r < rows; r++) {
      to.vector(VectorOp.COMPRESS, VectorOp.COMPRESS.opcode, r, 0, r, LIVE, true, 0);
      number(r);
      to.storeVector(r, at(PANELS, r * rowOfStrip()), 0);
    }
    to.vector(VectorOp.COMPRESS, VectorOp.COMPRESS.opcode, OFFSETS, 0, SOME, LIVE, true, 0);
    to.storeVector(SOME, at(PLACES, 0), 0);
    to.vector(VectorOp.INT_ADD, OFFSETS, OFFSETS, FURTHER);
    to.getMask(Assembler.WORK, LIVE);
    to.countBits(Assembler.WORK, Assembler.WORK);
    to.shiftLeftBy(Assembler.WORK, 2);
    to.add(PANELS, Assembler.WORK);
    to.add(PLACES, Assembler.WORK);
  }

  /// Copies a strip from `A` to `PANELS`.
  void strip(int rows) {
    to.move(ALONG_A, A);
    if (product.transposeA()) {
      eachStep(
          () -> {
            to.loadVector(0, at(ALONG_A, 0), ROWS);
            to.prefetch(at(ALONG_A, VECTOR));
            to.storeVector(0, at(PANELS, 0), 0);
            to.add(ALONG_A, product.alongA(), true);
            to.add(PANELS, VECTOR, true);
          });
      return;
    }
    alongRows(() -> rowsOfStrip(rows, 0), () -> rowsOfStrip(rows, DEEP_TAIL), ALONG_A, PANELS);
  }

  private void rowsOfStrip(int rows, int mask) {
    for (int r = 0; r < rows; r++) {
      to.loadVector(r, at(ALONG_A, r * product.rowOfA()), mask);
      to.prefetch(at(ALONG_A, r * product.rowOfA() + 4 * depth));
    }
    for (int r = 0; r < rows; r++) {
      to.storeVector(r, at(PANELS, r * rowOfStrip()), 0);
    }
  }

  private void eachStep(Runnable step) {
    to.setByRound(STEPS, depth, lastDepth, BLOCKS);
    int top = to.size();
    step.run();
    to.again(STEPS, top);
  }

  /// Does something with all whole vectors of rows along k, and something else with their rests.
  private void alongRows(Runnable vector, Runnable rest, int from, int target) {
    to.setByRound(STEPS, depth / LANES, lastDepth / LANES, BLOCKS);
    to.test(STEPS);
    int none = to.jumpAhead(Assembler.ZERO);
    int top = to.size();
    vector.run();
    to.add(from, from == ALONG_A ? LANES * product.elementOfA() : VECTOR, true);
    if (!product.blanks() || target != PANELS) {
      to.add(target, target == PANELS ? VECTOR : LANES * PANEL, true);
    }
    to.again(STEPS, top);
    to.land(none);
    if (lastDepth % LANES > 0) {
      to.compare(BLOCKS, 1);
      int end = to.jumpAhead(Assembler.NOT_ZERO);
      rest.run();
      to.land(end);
    }
  }

  // Panels of b

  /// Copies a block of b from `B` to `PANELS`, and moves `B` on to the next block along k.
  void panels(int vectors, int columns) {
    if (product.transposeB()) {
      turnedPanels(vectors, columns);
    } else {
      plainPanels(vectors, columns);
    }
  }

  /// All panels at once, row after row.
  private void plainPanels(int vectors, int columns) {
    eachStep(
        () -> {
          for (int v = 0; v < vectors; v++) {
            boolean last = v == vectors - 1 && columns % LANES != 0;
            to.loadVector(v, at(B, v * VECTOR), last ? TAIL : 0);
          }
          for (int v = 0; v < vectors; v++) {
            to.storeVector(v, at(PANELS, v / 2 * panelBytes() + v % 2 * VECTOR), 0);
          }
          to.add(B, product.alongB(), true);
          to.add(PANELS, PANEL, true);
        });
  }

  /// 16 by 16 elements at a time.
  private void turnedPanels(int vectors, int columns) {
    to.move(ALONG_A, B);
    int whole = columns / LANES / 2;
    if (whole > 0) {
      int top = to.repeat(TILES, whole);
      for (int v = 0; v < 2; v++) {
        packVector(v, LANES);
      }
      to.add(ALONG_A, 2 * LANES * product.rowOfB(), true);
      to.add(PANELS, panelBytes(), true);
      to.again(TILES, top);
    }
    for (int v = 2 * whole; v < vectors; v++) {
      packVector(v - 2 * whole, Math.min(LANES, columns - LANES * v));
    }
    to.add(B, 4 * depth, true);
  }

  /// One vector wide part of a panel from `rows` rows of b's memory.
  private void packVector(int vector, int rows) {
    to.move(ALONG_B, PANELS);
    to.move(A, ALONG_A);
    alongRows(() -> square(vector, rows, 0), () -> square(vector, rows, DEEP_TAIL), A, ALONG_B);
  }

  /// Transposes 16 by 16 elements.
  private void square(int vector, int rows, int mask) {
    int first = vector * LANES * product.rowOfB();
    for (int r = 0; r < LANES; r++) {
      if (r < rows) {
        int place = first + r * product.rowOfB();
        to.loadVector(r, at(A, place), mask);
        to.prefetch(at(A, place + 2 * LANES * product.rowOfB()));
      } else {
        to.clearVector(r);
      }
    }
    Square.transpose(
        to,
        (register, column) ->
            to.storeVector(register, at(ALONG_B, column * PANEL + vector * VECTOR), 0));
  }
}
