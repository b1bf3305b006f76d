package io.kalamos.kernels;

import static io.kalamos.kernels.Address.at;
import static io.kalamos.kernels.Routine.LANES;
import static io.kalamos.kernels.Routine.VECTOR;
import static io.kalamos.kernels.SparseNumbers.GROUP;
import static io.kalamos.kernels.SparseNumbers.PICKED_AHEAD;
import static io.kalamos.kernels.SparseSums.tailMask;
import static io.kalamos.kernels.SparseSums.vectorsOf;

import java.util.function.IntConsumer;

/// Writes the machine code of [MatrixProduct] for a first operand that is mostly zeros: pixels of
/// writing on blank paper, or what relu lets through.
///
/// A row of c, or two short ones, is summed up in registers. For each step along k where the row of
/// a, or one of the two, is not zero a row of b is multiplied and added, in the order of k: so the
/// sums are those of [MatrixProductCode] to the last bit. A block of some rows of b ([#BLOCK])
/// stays in the first-level cache while all rows of a meet it. Of a transposed a, squares are
/// turned first, some rows at a time.
final class SparseProductCode {
  /// Bytes of b in a block: they share a first-level cache of 48 KiB with rows of a and c.
  private static final int BLOCK = 44 << 10;

  /// Steps along k whose numbers a register of 64 bits marks.
  private static final int MOST_STEPS = 64;

  /// Vectors of a row of c in registers; with fewer the looking for numbers takes longest.
  static final int MOST_VECTORS = 13;

  private static final int LEAST_VECTORS = 4;

  /// The most rows that are summed up together.
  static final int PAIR = 2;

  /// Vectors of a row whose sums keep both units for multiplications busy.
  private static final int WIDE = 8;

  /// Bytes of b that are read for each group: they stay in a second-level cache.
  private static final int MOST_BYTES = 512 << 10;

  /// Rows of c that are worth a copy of b.
  private static final int FEWEST_ROWS = 16;

  /// Rows of a whose part of a block is asked for in advance: they may lie far apart.
  private static final int ROWS_AHEAD = 6;

  static final int A = Assembler.POINTERS[0];
  static final int B = Assembler.POINTERS[1];
  static final int C = Assembler.POINTERS[2];

  /// The part of b that is needed next.
  private static final int COMING = Assembler.POINTERS[3];

  /// In how many steps there was something to multiply.
  static final int LIVE = Assembler.POINTERS[4];

  static final int FROM = Assembler.POINTERS[5];
  static final int TO = Assembler.POINTERS[6];
  private static final int GROUPS = Assembler.POINTERS[7];
  private static final int ROWS = Assembler.ELEMENT;

  /// Steps that are left to copy or turn, before rows are summed up.
  static final int STEPS = Assembler.COLUMN;

  /// Blocks of k that are left, this one included.
  static final int BLOCKS = Assembler.COUNT;

  private final MatrixProduct product;
  private final Frame frame;
  private final Routine to;
  private final int operandB;
  private final int startOfA;
  private final int startOfB;
  private final int startOfC;
  private final int startOfBias;
  private final int widths;
  private final int live;
  private final int table;
  private final int rowsOfB;
  private final int blocks;
  private final int depth;
  private final int lastDepth;
  private final SparseNumbers numbers;
  private final SparseSums sums;

  private SparseProductCode(MatrixProduct product) {
    this.product = product;
    operandB = Frame.INPUTS + (product.picked() == null ? 8 : 16);
    frame = new Frame(addresses(product));
    to = new Routine(frame);
    live = frame.pointer(); // the first one: see liveSlot
    startOfA = frame.pointer();
    startOfB = frame.pointer();
    startOfC = frame.pointer();
    startOfBias = frame.pointer();
    widths = frame.pointer();
    int most = steps(product);
    blocks = (product.k() + most - 1) / most;
    int even = (product.k() + blocks - 1) / blocks;
    depth = (even + LANES - 1) / LANES * LANES;
    lastDepth = product.k() - (blocks - 1) * depth;
    int rows = product.transposeA() ? GROUP : together();
    numbers = new SparseNumbers(to, frame, product, rows, depth);
    rowsOfB = packsB() ? frame.vectors(copied() * width() * LANES) : 0;
    table = PickedRows.table(product, frame, PICKED_AHEAD);
    sums = new SparseSums(to, product, packsB(), rowOfB(), blocks, startOfBias);
  }

  /// Whether the code is made for such sizes.
  static boolean fits(MatrixProduct product) {
    return product.blanks()
        && !product.transposeB()
        && (isPair(product) || product.m() >= FEWEST_ROWS)
        && vectors(product) >= LEAST_VECTORS
        && (!product.transposeA() || product.k() * 4L * LANES * width(product) <= MOST_BYTES);
  }

  /// Whether there are so few rows that reading b from memory, once at the most, takes longest:
  /// then nothing is faster, zeros or not.
  static boolean isPair(MatrixProduct product) {
    return product.m() <= PAIR;
  }

  /// Code and the picture of its frame; inputs: a and b; output: c.
  static Written write(MatrixProduct product) {
    return new SparseProductCode(product).all();
  }

  /// The place of the frame where a run leaves in how many steps along k, of all pairs of rows,
  /// there was something to multiply.
  static int liveSlot(MatrixProduct product) {
    return Frame.INPUTS + 8 * addresses(product);
  }

  /// Operands, with the numbers of picked rows and a bias where there are some, and the result.
  private static int addresses(MatrixProduct product) {
    return (product.picked() == null ? 3 : 4) + (product.ending().bias() ? 1 : 0);
  }

  /// How many there are of what it counts.
  static long counted(MatrixProduct product) {
    int widths = (vectors(product) + width(product) - 1) / width(product);
    int together = together(product);
    return (long) widths * ((product.m() + together - 1) / together) * product.k();
  }

  /// Rows that are summed up together: one, of which no zero is multiplied, or two that wait less
  /// for each other's sums.
  private static int together(MatrixProduct product) {
    return width(product) < WIDE ? PAIR : 1;
  }

  private int together() {
    return together(product);
  }

  private static int vectors(MatrixProduct product) {
    return (product.n() + LANES - 1) / LANES;
  }

  /// Vectors of the columns that are summed up at a time.
  private static int width(MatrixProduct product) {
    int vectors = vectors(product);
    int count = (vectors + MOST_VECTORS - 1) / MOST_VECTORS;
    return (vectors + count - 1) / count;
  }

  private int width() {
    return width(product);
  }

  private static int steps(MatrixProduct product) {
    int fit = BLOCK / (VECTOR * width(product)) / LANES * LANES;
    return Math.min(MOST_STEPS, fit);
  }

  private boolean hasBias() {
    return product.ending().bias();
  }

  /// Whether rows of b are copied to where their vectors lie within lines of the cache.
  private boolean packsB() {
    return product.n() % LANES != 0 && product.m() >= FEWEST_ROWS;
  }

  /// Rows of b that lie in such a copy.
  private int copied() {
    return product.transposeA() ? product.k() : depth;
  }

  /// Bytes from one row of b to the next.
  private int rowOfB() {
    return packsB() ? VECTOR * width() : product.rowOfB();
  }

  private Written all() {
    to.enter();
    sums.masks();
    numbers.prepare();
    PickedRows.write(to, product, table, 0);
    to.clear(LIVE);
    to.copy(startOfB, operandB);
    to.copy(startOfC, operandB + (hasBias() ? 16 : 8));
    if (hasBias()) {
      to.copy(startOfBias, operandB + 8);
    }
    int whole = (vectors(product) - 1) / width();
    if (whole > 0) {
      to.set(Assembler.WORK, whole);
      to.save(widths, Assembler.WORK);
      int top = to.size();
      columns(width(), false);
      to.advance(startOfB, width() * VECTOR);
      to.advance(startOfC, width() * VECTOR);
      if (hasBias()) {
        to.advance(startOfBias, width() * VECTOR);
      }
      to.advance(widths, -1);
      to.jump(Assembler.NOT_ZERO, top);
    }
    columns(vectors(product) - whole * width(), product.n() % LANES != 0);
    to.save(live, LIVE);
    return to.leave();
  }

  /// Some columns of c.
  private void columns(int vectors, boolean tail) {
    if (product.transposeA()) {
      columnsOfTransposed(vectors, tail);
    } else {
      columnsOfPlain(vectors, tail);
    }
  }

  // a as it lies

  private void columnsOfPlain(int vectors, boolean tail) {
    if (product.picked() == null) {
      to.copy(startOfA, Frame.INPUTS);
    } else {
      to.clear(Assembler.WORK);
      to.save(startOfA, Assembler.WORK);
    }
    to.load(FROM, startOfB);
    int top = to.repeat(BLOCKS, blocks);
    if (packsB()) {
      to.start(B, rowsOfB);
      copyOfB(depth, lastDepth, vectors, tail);
    } else {
      to.move(B, FROM);
      to.add(FROM, depth * product.rowOfB(), true);
      to.move(COMING, FROM);
    }
    eachDepth(steps -> rowsOfPlain(steps, vectors, tail));
    to.advance(startOfA, depth * product.elementOfA());
    to.again(BLOCKS, top);
  }

  private void rowsOfPlain(int steps, int vectors, boolean tail) {
    if (product.picked() == null) {
      to.load(A, startOfA);
    } else {
      to.start(A, table);
    }
    to.load(C, startOfC);
    if (product.picked() == null) {
      lookAtFirst(A, product.rowOfA(), product.m(), steps);
    }
    eachFew(product.m(), rows -> fewOfPlain(rows, steps, vectors, tail));
  }

  private void fewOfPlain(int rows, int steps, int vectors, boolean tail) {
    int asked = rows * asked(vectors);
    for (int line = 0; line < asked; line++) {
      to.prefetch(at(COMING, line * VECTOR));
    }
    if (asked > 0) {
      to.add(COMING, asked * VECTOR, true);
    }
    if (product.picked() == null) {
      int apart = product.rowOfA();
      for (int row = 0; row < rows; row++) {
        for (int place = 0; place < steps * Float.BYTES; place += VECTOR) {
          to.prefetch(at(A, (row + ROWS_AHEAD) * apart + place));
        }
      }
      nextRows(A, apart, rows, steps);
      sums.add(A, apart, rows, vectors, tail);
    } else {
      numbers.start(TO);
      numbers.pick(rows, steps, startOfA, sums);
      sums.next();
      sums.add(TO, numbers.apart(), rows, vectors, tail);
    }
    to.add(A, rows * product.acrossA(), true);
    to.add(C, rows * product.rowOfResult(), true);
  }

  /// Lines of the next block of b that are asked for while a row is summed up: of a block that is
  /// read as a whole, and lies in memory without gaps.
  private int asked(int vectors) {
    if (isPair(product) || packsB() || product.n() > width() * LANES) {
      return 0;
    }
    int lines = depth * vectors;
    return (lines + product.m() - 1) / product.m();
  }

  // a transposed: its rows are columns in memory

  private void columnsOfTransposed(int vectors, boolean tail) {
    if (packsB()) {
      to.load(FROM, startOfB);
      to.start(B, rowsOfB);
      copyOfB(product.k(), product.k(), vectors, tail);
    }
    to.load(C, startOfC);
    if (product.picked() == null) {
      to.load(A, Frame.INPUTS);
    } else {
      to.clear(A);
    }
    int whole = product.m() / GROUP;
    if (whole > 0) {
      int top = to.repeat(GROUPS, whole);
      group(GROUP, vectors, tail);
      to.again(GROUPS, top);
    }
    if (product.m() % GROUP > 0) {
      group(product.m() % GROUP, vectors, tail);
    }
  }

  private void group(int rows, int vectors, boolean tail) {
    if (packsB()) {
      to.start(B, rowsOfB);
    } else {
      to.load(B, startOfB);
    }
    if (product.picked() == null) {
      to.move(FROM, A);
    } else {
      to.start(FROM, table);
    }
    int top = to.repeat(BLOCKS, blocks);
    eachDepth(
        steps -> {
          numbers.turn(rows, steps);
          rowsOfGroup(rows, steps, vectors, tail);
        });
    to.add(FROM, depth * product.alongA(), true);
    to.add(B, depth * rowOfB(), true);
    to.add(C, -rows * product.rowOfResult(), true);
    to.again(BLOCKS, top);
    to.add(C, rows * product.rowOfResult(), true);
    to.add(A, rows * product.elementOfA(), true);
  }

  private void rowsOfGroup(int count, int steps, int vectors, boolean tail) {
    numbers.start(TO);
    int apart = numbers.apart();
    int looked = vectorsOf(steps) * LANES;
    lookAtFirst(TO, apart, count, looked);
    eachFew(
        count,
        rows -> {
          nextRows(TO, apart, rows, looked);
          sums.add(TO, apart, rows, vectors, tail);
          to.add(TO, rows * apart, true);
          to.add(C, rows * product.rowOfResult(), true);
        });
  }

  // Both

  /// A look at the rows that [#eachFew] begins with.
  private void lookAtFirst(int numbers, int apart, int rows, int steps) {
    if (rows >= together()) {
      sums.look(numbers, 0, apart, together(), steps);
    }
  }

  /// Goes on to these rows of [#eachFew], and looks at those behind them if there are as many.
  private void nextRows(int numbers, int apart, int rows, int steps) {
    if (rows < together()) {
      sums.look(numbers, 0, apart, rows, steps);
      sums.next();
      return;
    }
    sums.next();
    to.compare(ROWS, 1);
    int last = to.jumpAhead(Assembler.ZERO);
    sums.look(numbers, rows * apart, apart, rows, steps);
    to.land(last);
  }

  /// Copies rows of b from `FROM`, which moves on, to `B`.
  private void copyOfB(int usual, int last, int vectors, boolean tail) {
    to.move(TO, B);
    to.setByRound(STEPS, usual, last, BLOCKS);
    int top = to.size();
    for (int v = 0; v < vectors; v++) {
      to.loadVector(v, at(FROM, v * VECTOR), tailMask(v, vectors, tail));
      to.storeVector(v, at(TO, v * VECTOR), 0);
    }
    to.add(FROM, product.rowOfB(), true);
    to.add(TO, rowOfB(), true);
    to.again(STEPS, top);
  }

  /// Rows that are summed up together, and fewer at the end where some are left.
  private void eachFew(int rows, IntConsumer code) {
    int together = together();
    if (rows >= together) {
      int top = to.repeat(ROWS, rows / together);
      code.accept(together);
      to.again(ROWS, top);
    }
    if (rows % together > 0) {
      code.accept(rows % together);
    }
  }

  /// The last block may have fewer steps.
  private void eachDepth(IntConsumer code) {
    if (blocks == 1 || depth == lastDepth) {
      code.accept(lastDepth);
      return;
    }
    to.compare(BLOCKS, 1);
    int last = to.jumpAhead(Assembler.ZERO);
    code.accept(depth);
    int end = to.jumpAhead();
    to.land(last);
    code.accept(lastDepth);
    to.land(end);
  }
}
