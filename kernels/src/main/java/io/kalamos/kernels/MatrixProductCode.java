package io.kalamos.kernels;

import static io.kalamos.kernels.Address.at;
import static io.kalamos.kernels.Routine.LANES;
import static io.kalamos.kernels.Routine.VECTOR;

/// Writes the machine code of [MatrixProduct], the way of Goto and van de Geijn (*Anatomy of
/// High-Performance Matrix Multiplication*, 2008).
///
/// At the core a tile of c, up to 14 rows by two vectors, is summed up in registers: each step
/// along k reads two vectors of b and an element of a for each row. So that operands come from the
/// cache in the order in which they are read, some rows of b ([#DEPTH]) and some columns ([#WIDTH])
/// are first copied into panels two vectors wide, and each strip of a too ([ProductPacking]). One
/// strip after the other meets all panels. Meanwhile the memory of the next strip, panels and tile
/// is asked for: it takes as long to arrive as to be computed with.
final class MatrixProductCode {
  /// Bytes of a panel's row.
  static final int PANEL = 2 * VECTOR;

  /// A strip and a panel of so many steps lie in a first-level cache of 32 KiB.
  private static final int DEPTH = 160;

  /// The panels take less than a fifth of a second-level cache of 1 MiB.
  private static final int WIDTH = 256;

  /// With two vectors each, and four registers for operands.
  private static final int MOST_ROWS = 14;

  /// Steps along k in one turn of the loop.
  static final int UNROLL = 4;

  /// Mask of the last columns.
  static final int TAIL = 1;

  /// Mask of the last steps along k.
  static final int DEEP_TAIL = 2;

  static final int A = Assembler.POINTERS[0];
  static final int PANELS = Assembler.POINTERS[1];
  private static final int C = Assembler.POINTERS[2];
  static final int B = Assembler.POINTERS[3];
  static final int ALONG_A = Assembler.POINTERS[4];
  static final int STEPS = Assembler.POINTERS[5];
  private static final int STRIPS = Assembler.POINTERS[6];
  static final int TILES = Assembler.POINTERS[7];
  static final int ALONG_B = Assembler.SHIFT;

  /// The list of steps that are no blanks: where each lies in a panel.
  static final int PLACES = Assembler.ROW;

  /// The part of b that is needed next.
  private static final int COMING = Assembler.ELEMENT;

  /// Blocks of k that are left, this one included.
  static final int BLOCKS = Assembler.COUNT;

  private final MatrixProduct product;
  private final Routine to;
  private final int operandB;

  /// Of picked rows how far their columns have come; where each of them lies is in a table.
  private final int startOfA;

  private final int startOfB;
  private final int startOfC;
  private final int startOfBias;
  private final int bias;
  private final int widths;
  private final int turns;
  private final int places;
  private final int offsets;
  private final int further;
  private final int table;
  private final int strip;
  private final int panels;
  private final int blocks;
  private final int depth;
  private final int lastDepth;
  private final ProductPacking packing;

  private MatrixProductCode(MatrixProduct product) {
    this.product = product;
    operandB = Frame.INPUTS + (product.picked() == null ? 8 : 16);
    Frame frame = new Frame((product.picked() == null ? 3 : 4) + (hasBias() ? 1 : 0));
    to = new Routine(frame);
    startOfA = frame.pointer();
    startOfB = frame.pointer();
    startOfC = frame.pointer();
    startOfBias = frame.pointer();
    bias = frame.pointer();
    turns = frame.pointer();
    widths = frame.pointer();
    blocks = (product.k() + DEPTH - 1) / DEPTH;
    int even = (product.k() + blocks - 1) / blocks;
    depth = (even + LANES - 1) / LANES * LANES;
    lastDepth = product.k() - (blocks - 1) * depth;
    int scale =
        product.picked() == null
            ? 0
            : frame.repeated(Float.floatToRawIntBits(product.picked().scale()));
    packing = new ProductPacking(product, to, depth, lastDepth, scale);
    strip = frame.vectors(packing.stripBytes(MOST_ROWS) / 4);
    int most = (Math.min(WIDTH, product.n()) + 2 * LANES - 1) / (2 * LANES);
    panels = frame.vectors(most * packing.panelBytes() / 4);
    places = frame.vectors(depth + LANES);
    offsets = frame.multiples(PANEL);
    further = frame.repeated(LANES * PANEL);
    table = PickedRows.table(product, frame, 0);
  }

  private boolean hasBias() {
    return product.ending().bias();
  }

  /// Code and the picture of its frame; inputs: a and b; output: c.
  static Written write(MatrixProduct product) {
    return new MatrixProductCode(product).all();
  }

  private Written all() {
    to.enter();
    to.maskOfFirst(TAIL, product.n() % LANES);
    to.maskOfFirst(DEEP_TAIL, product.k() % LANES);
    int row = product.k() * product.elementOfA();
    PickedRows.write(to, product, table, product.transposeA() ? 0 : row);
    to.copy(startOfB, operandB);
    to.copy(startOfC, operandB + (hasBias() ? 16 : 8));
    if (hasBias()) {
      to.copy(startOfBias, operandB + 8);
    }
    int whole = product.n() / WIDTH;
    if (whole > 0) {
      to.set(Assembler.WORK, whole);
      to.save(widths, Assembler.WORK);
      int top = to.size();
      columns(WIDTH);
      to.advance(startOfB, WIDTH * product.acrossB());
      to.advance(startOfC, 4 * WIDTH);
      if (hasBias()) {
        to.advance(startOfBias, 4 * WIDTH);
      }
      to.advance(widths, -1);
      to.jump(Assembler.NOT_ZERO, top);
    }
    if (product.n() % WIDTH > 0) {
      columns(product.n() % WIDTH);
    }
    return to.leave();
  }

  // Blocks

  /// Some columns of c.
  private void columns(int count) {
    int vectors = (count + LANES - 1) / LANES;
    boolean tail = count % LANES != 0;
    firstColumns();
    to.load(B, startOfB);
    to.set(BLOCKS, blocks);
    int strips = (product.m() + MOST_ROWS - 1) / MOST_ROWS;
    int rows = product.m() / strips;
    int longer = product.m() % strips;
    int coming = coming(count, strips * ((vectors + 1) / 2));
    int top = to.size();
    to.start(PANELS, panels);
    packing.panels(vectors, count);
    if (coming > 0) {
      to.move(COMING, B);
      if (product.transposeB()) {
        to.load(COMING, startOfB);
        to.add(COMING, WIDTH * product.rowOfB(), true);
      }
    }
    firstRows();
    to.load(C, startOfC);
    strips(longer, rows + 1, vectors, tail, coming);
    strips(strips - longer, rows, vectors, tail, coming);
    to.advance(startOfA, depth * product.alongA());
    to.again(BLOCKS, top);
  }

  // Where a lies: picked rows have places in a table, 8 bytes each, and a column is an offset

  /// The first steps along k.
  private void firstColumns() {
    if (product.picked() == null) {
      to.copy(startOfA, Frame.INPUTS);
      return;
    }
    if (product.transposeA()) {
      to.start(Assembler.WORK, table);
    } else {
      to.clear(Assembler.WORK);
    }
    to.save(startOfA, Assembler.WORK);
  }

  /// The first rows of c.
  private void firstRows() {
    if (product.picked() == null) {
      to.load(A, startOfA);
    } else if (product.transposeA()) {
      to.clear(A);
    } else {
      to.start(A, table);
    }
  }

  /// Bytes of the next part of b to ask for in each turn of a tile's loop; the next part is known
  /// where it lies in memory without gaps.
  private int coming(int count, int tiles) {
    boolean whole = product.transposeB() ? blocks == 1 : count == product.n() && blocks > 1;
    int turns = Math.max(1, tiles * (depth / UNROLL));
    return whole ? (4 * depth * count + turns - 1) / turns : 0;
  }

  private void strips(int count, int rows, int vectors, boolean tail, int coming) {
    if (count == 0) {
      return;
    }
    int whole = (tail ? vectors - 1 : vectors) / 2;
    packing.rows(rows);
    int top = to.repeat(STRIPS, count);
    to.start(PANELS, strip);
    if (product.blanks()) {
      stripWithoutBlanks(rows);
    } else {
      packing.strip(rows);
    }
    to.start(PANELS, panels);
    if (hasBias()) {
      to.copy(bias, startOfBias);
    }
    if (whole > 0) {
      int tile = to.repeat(TILES, whole);
      tile(rows, 2, false, coming);
      to.add(PANELS, packing.panelBytes(), true);
      to.add(C, PANEL, true);
      if (hasBias()) {
        to.advance(bias, PANEL);
      }
      to.again(TILES, tile);
    }
    if (vectors > 2 * whole) {
      tile(rows, vectors - 2 * whole, tail, coming);
    }
    to.add(C, rows * product.rowOfResult() - whole * PANEL, true);
    to.add(A, rows * product.acrossA(), true);
    to.again(STRIPS, top);
  }

  /// Packs a strip and notes how many turns of the loop go through it.
  private void stripWithoutBlanks(int rows) {
    to.start(PLACES, places);
    if (product.picked() == null) {
      to.move(ALONG_A, A);
    } else {
      to.load(ALONG_A, startOfA);
    }
    packing.stripWithoutBlanks(rows, offsets, further);
    to.start(ALONG_A, places);
    to.subtract(PLACES, ALONG_A);
    to.add(PLACES, 4 * (UNROLL - 1), true);
    to.shiftRightBy(PLACES, 4);
    to.save(turns, PLACES);
  }

  // The tile

  /// The sum of row r and vector v is in register `vectors * r + v`.
  private void tile(int rows, int vectors, boolean tail, int coming) {
    begin(rows, vectors, tail);
    to.start(ALONG_A, strip);
    if (product.blanks()) {
      to.start(PLACES, places);
      to.load(STEPS, turns);
    } else {
      to.move(ALONG_B, PANELS);
      to.setByRound(STEPS, depth / UNROLL, lastDepth / UNROLL, BLOCKS);
    }
    to.test(STEPS);
    int none = to.jumpAhead(Assembler.ZERO);
    int top = to.size();
    ask(coming);
    for (int step = 0; step < UNROLL; step++) {
      step(step, rows, vectors);
    }
    to.add(ALONG_A, UNROLL * packing.stepOfStrip(), true);
    if (product.blanks()) {
      to.add(PLACES, 4 * UNROLL, true);
    } else {
      to.add(ALONG_B, UNROLL * PANEL, true);
    }
    to.again(STEPS, top);
    to.land(none);
    if (!product.blanks() && lastDepth % UNROLL > 0) {
      to.compare(BLOCKS, 1);
      int end = to.jumpAhead(Assembler.NOT_ZERO);
      for (int step = 0; step < lastDepth % UNROLL; step++) {
        step(step, rows, vectors);
      }
      to.land(end);
    }
    end(rows, vectors, tail);
  }

  private void step(int step, int rows, int vectors) {
    int b = rows * vectors;
    if (product.blanks()) {
      to.loadInt(ALONG_B, at(PLACES, 4 * step));
    }
    for (int v = 0; v < vectors; v++) {
      Address from =
          product.blanks()
              ? at(PANELS, ALONG_B, v * VECTOR)
              : at(ALONG_B, step * PANEL + v * VECTOR);
      to.loadVector(b + v, from, 0);
    }
    for (int r = 0; r < rows; r++) {
      int element = b + vectors + r % 2;
      to.vector(VectorOp.BROADCAST, element, 0, packing.element(step, r), 0);
      for (int v = 0; v < vectors; v++) {
        to.addProduct(r * vectors + v, element, b + v);
      }
    }
  }

  private void ask(int bytes) {
    for (int place = 0; place < bytes; place += VECTOR) {
      to.prefetch(at(COMING, place));
    }
    if (bytes > 0) {
      to.add(COMING, (bytes + VECTOR - 1) / VECTOR * VECTOR, true);
    }
  }

  /// Sums begin with zero, later with what is there.
  private void begin(int rows, int vectors, boolean tail) {
    eachSum(rows, vectors, (sum, v, address) -> to.prefetchToWrite(address));
    to.compare(BLOCKS, blocks);
    int later = to.jumpAhead(Assembler.NOT_ZERO);
    for (int sum = 0; sum < rows * vectors; sum++) {
      to.clearVector(sum);
    }
    if (blocks == 1) {
      to.land(later);
      return;
    }
    int end = to.jumpAhead();
    to.land(later);
    eachSum(
        rows,
        vectors,
        (sum, v, address) -> to.loadVector(sum, address, tailMask(v, vectors, tail)));
    to.land(end);
  }

  private void end(int rows, int vectors, boolean tail) {
    if (product.ending() != MatrixProduct.Ending.NONE) {
      to.compare(BLOCKS, 1);
      int earlier = to.jumpAhead(Assembler.NOT_ZERO);
      ending(rows, vectors, tail);
      to.land(earlier);
    }
    eachSum(
        rows,
        vectors,
        (sum, v, address) -> to.storeVector(sum, address, tailMask(v, vectors, tail)));
  }

  private void ending(int rows, int vectors, boolean tail) {
    int operands = rows * vectors;
    int zeros = operands + vectors;
    if (hasBias()) {
      to.load(ALONG_A, bias);
      for (int v = 0; v < vectors; v++) {
        int mask = tailMask(v, vectors, tail);
        to.loadVector(operands + v, at(ALONG_A, v * VECTOR), mask);
      }
    }
    to.clearVector(zeros);
    for (int r = 0; r < rows; r++) {
      for (int v = 0; v < vectors; v++) {
        int sum = r * vectors + v;
        if (hasBias()) {
          to.vector(VectorOp.ADD, sum, sum, operands + v);
        }
        if (product.ending().relu()) {
          to.vector(VectorOp.MAXIMUM, sum, zeros, sum); // a NaN as the second one stays
        }
      }
    }
  }

  private static int tailMask(int v, int vectors, boolean tail) {
    return tail && v == vectors - 1 ? TAIL : 0;
  }

  private interface SumMove {
    void accept(int sum, int vector, Address address);
  }

  private void eachSum(int rows, int vectors, SumMove move) {
    for (int r = 0; r < rows; r++) {
      for (int v = 0; v < vectors; v++) {
        int place = r * product.rowOfResult() + v * VECTOR;
        move.accept(r * vectors + v, v, at(C, place));
      }
    }
  }
}
