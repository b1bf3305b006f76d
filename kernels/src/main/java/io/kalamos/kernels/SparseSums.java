package io.kalamos.kernels;

import static io.kalamos.kernels.Address.at;
import static io.kalamos.kernels.Routine.LANES;
import static io.kalamos.kernels.Routine.VECTOR;
import static io.kalamos.kernels.SparseProductCode.B;
import static io.kalamos.kernels.SparseProductCode.BLOCKS;
import static io.kalamos.kernels.SparseProductCode.C;
import static io.kalamos.kernels.SparseProductCode.LIVE;
import static io.kalamos.kernels.SparseProductCode.MOST_VECTORS;
import static io.kalamos.kernels.SparseProductCode.PAIR;

/// Writes the core of a sparse product: rows of c at `C` are summed up in registers over those
/// steps of a block of b at `B` in which one of the rows of a is not zero.
final class SparseSums {
  /// Mask of the last columns.
  static final int TAIL = 1;

  /// Mask of the last steps along k.
  static final int LAST_STEPS = 2;

  private static final int OUTCOME = 4;

  /// The steps whose numbers are not zero and not yet multiplied.
  private static final int MARKS = Assembler.ROW;

  /// The same of the rows that come next.
  private static final int NEXT_MARKS = Assembler.COLUMN;

  // Registers behind the sums
  private static final int FACTORS = PAIR * MOST_VECTORS;
  private static final int OPERANDS = FACTORS + PAIR;

  /// Free for others, while nothing is turned.
  static final int SCALE = 31;

  private final Routine to;
  private final MatrixProduct product;
  private final boolean packed;
  private final int rowOfB;
  private final int blocks;
  private final int startOfBias;

  /// @param packed whether vectors of b may be read beyond its last column
  /// @param rowOfB bytes from one row of b to the next
  /// @param startOfBias place of the frame where the address of the bias is
  SparseSums(
      Routine to, MatrixProduct product, boolean packed, int rowOfB, int blocks, int startOfBias) {
    this.to = to;
    this.product = product;
    this.packed = packed;
    this.rowOfB = rowOfB;
    this.blocks = blocks;
    this.startOfBias = startOfBias;
  }

  void masks() {
    to.maskOfFirst(TAIL, product.n() % LANES);
    to.maskOfFirst(LAST_STEPS, product.k() % LANES);
  }

  static int vectorsOf(int steps) {
    return (steps + LANES - 1) / LANES;
  }

  static int lastSteps(int vector, int steps) {
    return (vector + 1) * LANES > steps ? LAST_STEPS : 0;
  }

  static int tailMask(int v, int vectors, boolean tail) {
    return tail && v == vectors - 1 ? TAIL : 0;
  }

  /// Looks in which steps one of the next rows is not zero, and counts them. Done while earlier
  /// rows are still summed up, it costs no time of its own.
  ///
  /// @param numbers where the first row's numbers lie, with `place` bytes more
  /// @param apart bytes from row to row
  void look(int numbers, int place, int apart, int rows, int steps) {
    for (int v = vectorsOf(steps) - 1; v >= 0; v--) {
      int mask = lastSteps(v, steps);
      to.loadVector(0, at(numbers, place + v * VECTOR), mask);
      for (int row = 1; row < rows; row++) {
        Address other = at(numbers, place + row * apart + v * VECTOR);
        to.vector(VectorOp.OR, VectorOp.OR.opcode, 0, 0, other, mask, mask != 0, 0);
      }
      to.vector(VectorOp.TEST, OUTCOME, 0, 0);
      to.getMask(Assembler.WORK, OUTCOME);
      if (v == vectorsOf(steps) - 1) {
        to.move(NEXT_MARKS, Assembler.WORK);
      } else {
        to.shiftLongLeftBy(NEXT_MARKS, LANES);
        to.or(NEXT_MARKS, Assembler.WORK);
      }
    }
    count();
  }

  /// The same of 64 steps whose numbers are bytes in the vector 0.
  void lookAtBytes() {
    to.vector(VectorOp.TEST_BYTES, OUTCOME, 0, 0);
    to.getLongMask(NEXT_MARKS, OUTCOME);
    count();
  }

  private void count() {
    to.countLongBits(Assembler.WORK, NEXT_MARKS);
    to.add(LIVE, Assembler.WORK);
  }

  /// Goes on to the rows that were looked at; then the next ones may be.
  void next() {
    to.move(MARKS, NEXT_MARKS);
  }

  /// Adds this block's part to rows of c.
  void add(int numbers, int apart, int rows, int vectors, boolean tail) {
    begin(rows, vectors, tail);
    to.test(MARKS);
    int none = to.jumpAhead(Assembler.ZERO);
    int top = to.size();
    to.lowestBit(Assembler.WORK, MARKS);
    for (int row = 0; row < rows; row++) {
      Address number = new Address(numbers, Assembler.WORK, 2, row * apart, -1, false);
      to.vector(VectorOp.BROADCAST, FACTORS + row, 0, number, 0);
    }
    to.multiply(Assembler.WORK, Assembler.WORK, rowOfB);
    for (int v = 0; v < vectors; v++) {
      Address operand = at(B, Assembler.WORK, v * VECTOR);
      int mask = packed ? 0 : tailMask(v, vectors, tail);
      if (rows == 1) {
        to.addProduct(v, FACTORS, operand, mask);
      } else {
        int register = OPERANDS + v % (SCALE - OPERANDS);
        to.loadVector(register, operand, mask);
        for (int row = 0; row < rows; row++) {
          to.addProduct(row * vectors + v, FACTORS + row, register);
        }
      }
    }
    to.clearLowestBit(MARKS);
    to.jump(Assembler.NOT_ZERO, top);
    to.land(none);
    end(rows, vectors, tail);
  }

  /// Sums begin with zero, later with what is there.
  private void begin(int rows, int vectors, boolean tail) {
    int end = 0;
    if (blocks > 1) {
      to.compare(BLOCKS, blocks);
      int first = to.jumpAhead(Assembler.ZERO);
      eachSum(rows, vectors, tail, to::loadVector);
      end = to.jumpAhead();
      to.land(first);
    }
    for (int sum = 0; sum < rows * vectors; sum++) {
      to.clearVector(sum);
    }
    if (blocks > 1) {
      to.land(end);
    }
  }

  private void end(int rows, int vectors, boolean tail) {
    if (product.ending() != MatrixProduct.Ending.NONE) {
      to.compare(BLOCKS, 1);
      int earlier = to.jumpAhead(Assembler.NOT_ZERO);
      ending(rows, vectors, tail);
      to.land(earlier);
    }
    eachSum(rows, vectors, tail, to::storeVector);
  }

  private interface SumMove {
    void accept(int sum, Address address, int mask);
  }

  private void eachSum(int rows, int vectors, boolean tail, SumMove move) {
    for (int row = 0; row < rows; row++) {
      for (int v = 0; v < vectors; v++) {
        Address place = at(C, row * product.rowOfResult() + v * VECTOR);
        move.accept(row * vectors + v, place, tailMask(v, vectors, tail));
      }
    }
  }

  private void ending(int rows, int vectors, boolean tail) {
    if (product.ending().bias()) {
      to.load(Assembler.WORK, startOfBias);
    }
    to.clearVector(FACTORS);
    for (int v = 0; v < vectors; v++) {
      if (product.ending().bias()) {
        to.loadVector(OPERANDS, at(Assembler.WORK, v * VECTOR), tailMask(v, vectors, tail));
      }
      for (int row = 0; row < rows; row++) {
        int sum = row * vectors + v;
        if (product.ending().bias()) {
          to.vector(VectorOp.ADD, sum, sum, OPERANDS);
        }
        if (product.ending().relu()) {
          to.vector(
              VectorOp.MAXIMUM, sum, FACTORS, sum); // what is undefined stays, as the second one
        }
      }
    }
  }
}
