package io.kalamos.kernels;

import static io.kalamos.kernels.Address.at;
import static io.kalamos.kernels.Routine.LANES;
import static io.kalamos.kernels.Routine.VECTOR;

/// Writes the machine code of [MaskedProduct].
///
/// Some rows of b stay in the first-level cache while all rows of a meet them, one after the other
/// in registers. For each result that is wanted the products along a vector's lanes are summed up
/// and kept; then the lanes of 16 of them are added together, and what there is spreads to its
/// places between zeros.
final class MaskedProductCode {
  /// Rows of b in a block: as many as a register has bits.
  static final int BLOCK = Integer.getInteger("mblk", 64);

  /// Rows of the mask and of c that are asked for in advance.
  private static final int ROWS_AHEAD = 4;

  private static final int A = Assembler.POINTERS[0];
  private static final int B = Assembler.POINTERS[1];
  private static final int C = Assembler.POINTERS[2];
  private static final int MASK = Assembler.POINTERS[3];
  private static final int SUMS = Assembler.POINTERS[4];
  private static final int RESULTS = Assembler.POINTERS[5];
  private static final int BLOCKS = Assembler.POINTERS[6];
  private static final int ROWS = Assembler.ROW;
  private static final int WANTED = Assembler.ELEMENT;
  private static final int GROUPS = Assembler.COLUMN;

  /// Masks: the last numbers of a row of a, the last results of a row, two lanes of each quarter.
  private static final int LAST_DEPTH = 1;

  private static final int LAST_RESULTS = 2;
  private static final int UPPER_PAIRS = 3;

  /// Masks of the results that are wanted, a vector each.
  private static final int WANTED_LANES = 4;

  // Registers behind a row of a
  private static final int SUM = 16;
  private static final int ZERO = 17;
  private static final int QUADS = 18;
  private static final int WORK = QUADS + 4;

  private static final int GREATER = 0x1E;

  private final MaskedProduct product;
  private final Frame frame = new Frame(4);
  private final Routine to = new Routine(frame);
  private final int startOfB = frame.pointer();
  private final int startOfC = frame.pointer();
  private final int startOfMask = frame.pointer();
  private final int sums = frame.vectors(BLOCK * LANES);
  private final int results = frame.vectors(BLOCK + LANES);

  private MaskedProductCode(MaskedProduct product) {
    this.product = product;
  }

  /// Inputs: a, b and the mask; output: c.
  static Written write(MaskedProduct product) {
    return new MaskedProductCode(product).all();
  }

  private Written all() {
    to.enter();
    to.maskOfFirst(LAST_DEPTH, product.k() % LANES);
    to.maskOfFirst(LAST_RESULTS, product.n() % LANES);
    to.mask(UPPER_PAIRS, 0xCCCC);
    to.clearVector(ZERO);
    to.copy(startOfB, Frame.INPUTS + 8);
    to.copy(startOfMask, Frame.INPUTS + 16);
    to.copy(startOfC, Frame.INPUTS + 24);
    int top = to.repeat(BLOCKS, product.n() / BLOCK);
    block(BLOCK);
    to.advance(startOfB, BLOCK * rowOfB());
    to.advance(startOfMask, BLOCK * Float.BYTES);
    to.advance(startOfC, BLOCK * Float.BYTES);
    to.again(BLOCKS, top);
    if (product.n() % BLOCK > 0) {
      block(product.n() % BLOCK);
    }
    return to.leave();
  }

  private int rowOfB() {
    return product.k() * Float.BYTES;
  }

  private int rowOfC() {
    return product.n() * Float.BYTES;
  }

  /// Some columns of c.
  private void block(int columns) {
    to.load(A, Frame.INPUTS);
    to.load(B, startOfB);
    to.load(MASK, startOfMask);
    to.load(C, startOfC);
    int row = to.repeat(ROWS, product.m());
    for (int place = 0; place < columns * Float.BYTES; place += VECTOR) {
      to.prefetch(at(MASK, ROWS_AHEAD * rowOfC() + place));
      to.prefetchToWrite(at(C, ROWS_AHEAD * rowOfC() + place));
    }
    wanted(columns);
    for (int v = 0; v < product.vectors(); v++) {
      to.loadVector(v, at(A, v * VECTOR), depthMask(v));
    }
    to.start(SUMS, sums);
    to.test(WANTED);
    int none = to.jumpAhead(Assembler.ZERO);
    int top = to.size();
    sum();
    to.clearLowestBit(WANTED);
    to.jump(Assembler.NOT_ZERO, top);
    addLanes();
    to.land(none);
    spread(columns);
    to.add(A, product.k() * Float.BYTES, true);
    to.add(MASK, rowOfC(), true);
    to.add(C, rowOfC(), true);
    to.again(ROWS, row);
  }

  private int depthMask(int v) {
    return (v + 1) * LANES > product.k() ? LAST_DEPTH : 0;
  }

  private static int vectorsOf(int columns) {
    return (columns + LANES - 1) / LANES;
  }

  private static int resultMask(int v, int columns) {
    return (v + 1) * LANES > columns ? LAST_RESULTS : 0;
  }

  /// Marks the results that are wanted.
  private void wanted(int columns) {
    VectorOp op = VectorOp.COMPARE;
    for (int v = vectorsOf(columns) - 1; v >= 0; v--) {
      to.loadVector(SUM, at(MASK, v * VECTOR), resultMask(v, columns));
      to.vector(op, op.opcode, WANTED_LANES + v, SUM, ZERO, 0, false, GREATER);
      to.getMask(Assembler.WORK, WANTED_LANES + v);
      if (v == vectorsOf(columns) - 1) {
        to.move(WANTED, Assembler.WORK);
      } else {
        to.shiftLongLeftBy(WANTED, LANES);
        to.or(WANTED, Assembler.WORK);
      }
    }
  }

  /// The products of the row of a and the next row of b that is wanted, summed up vector by vector.
  private void sum() {
    to.lowestBit(Assembler.WORK, WANTED);
    to.multiply(Assembler.WORK, Assembler.WORK, rowOfB());
    for (int v = 0; v < product.vectors(); v++) {
      Address operand = at(B, Assembler.WORK, v * VECTOR);
      if (v == 0) {
        to.vector(VectorOp.MULTIPLY, SUM, v, operand);
      } else {
        to.addProduct(SUM, v, operand, depthMask(v));
      }
    }
    to.storeVector(SUM, at(SUMS, 0), 0);
    to.add(SUMS, VECTOR, true);
  }

  /// Makes a number of each vector of sums, 16 at a time; what is behind the last one is not used.
  private void addLanes() {
    to.move(GROUPS, SUMS);
    to.start(SUMS, sums);
    to.start(RESULTS, results);
    int top = to.size();
    for (int quad = 0; quad < 4; quad++) {
      quad(quad);
    }
    quarters(QUADS, QUADS, QUADS + 1);
    quarters(QUADS + 2, QUADS + 2, QUADS + 3);
    quarters(QUADS, QUADS, QUADS + 2);
    to.storeVector(QUADS, at(RESULTS, 0), 0);
    to.add(RESULTS, VECTOR, true);
    to.add(SUMS, LANES * VECTOR, true);
    to.move(Assembler.WORK, SUMS);
    to.subtract(Assembler.WORK, GROUPS);
    to.jump(Assembler.NEGATIVE, top);
  }

  /// Four vectors become one: each of its quarters holds a sum over a quarter of each of them.
  private void quad(int quad) {
    for (int pair = 0; pair < 2; pair++) {
      int a = WORK + 2 * pair;
      int b = a + 1;
      to.loadVector(a, at(SUMS, (4 * quad + 2 * pair) * VECTOR), 0);
      to.loadVector(b, at(SUMS, (4 * quad + 2 * pair + 1) * VECTOR), 0);
      to.vector(VectorOp.SHUFFLE, SUM, a, b, 0x4E);
      VectorOp blend = VectorOp.BLEND;
      to.vector(blend, blend.opcode, a, a, b, UPPER_PAIRS, false, 0);
      to.vector(VectorOp.ADD, a, a, SUM);
    }
    to.vector(VectorOp.SHUFFLE, SUM, WORK, WORK + 2, 0x88);
    to.vector(VectorOp.SHUFFLE, WORK, WORK, WORK + 2, 0xDD);
    to.vector(VectorOp.ADD, QUADS + quad, SUM, WORK);
  }

  /// Adds quarters of a, and of b behind them.
  private void quarters(int target, int a, int b) {
    to.vector(VectorOp.SHUFFLE_QUARTERS, WORK, a, b, 0x88);
    to.vector(VectorOp.SHUFFLE_QUARTERS, WORK + 1, a, b, 0xDD);
    to.vector(VectorOp.ADD, target, WORK, WORK + 1);
  }

  /// Writes the results to where they are wanted, zeros elsewhere.
  private void spread(int columns) {
    to.start(RESULTS, results);
    for (int v = 0; v < vectorsOf(columns); v++) {
      VectorOp op = VectorOp.EXPAND;
      to.vector(op, op.opcode, SUM, 0, at(RESULTS, 0), WANTED_LANES + v, true, 0);
      to.storeVector(SUM, at(C, v * VECTOR), resultMask(v, columns));
      if (v + 1 < vectorsOf(columns)) {
        to.getMask(Assembler.WORK, WANTED_LANES + v);
        to.countBits(Assembler.WORK, Assembler.WORK);
        to.shiftLeftBy(Assembler.WORK, 2);
        to.add(RESULTS, Assembler.WORK);
      }
    }
  }
}
