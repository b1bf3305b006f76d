package io.kalamos.kernels;

/// Writes the machine code of [TransposedProduct], the way of Goto and van de Geijn (*Anatomy of
/// High-Performance Matrix Multiplication*, 2008).
///
/// At the core a tile of c, up to 14 rows by two vectors, is summed up in registers: each step
/// along k reads two vectors of b and an element of a for each row. So that b comes from the cache
/// in the order in which it is read, some rows of it ([#DEPTH]) and some columns ([#WIDTH]) are
/// first copied into panels two vectors wide, transposed on the way, and a strip of a so that its
/// rows do not get into each other's way in the cache. One strip after the other meets all panels.
/// Meanwhile the memory of the next strip, panels and tile is asked for: it takes as long to arrive
/// as to be computed with.
final class TransposedProductCode {
  private static final int LANES = 16;
  private static final int VECTOR = 64;

  /// Bytes of a panel's row.
  private static final int PANEL = 2 * VECTOR;

  /// Of a second-level cache of 1 MiB the panels take an eighth.
  private static final int DEPTH = 128;

  private static final int WIDTH = 256;

  /// With two vectors each, and four registers for operands.
  private static final int MOST_ROWS = 14;

  /// Steps along k in one turn of the loop.
  private static final int UNROLL = 4;

  private static final int TAIL = 1;

  /// The last steps along k.
  private static final int DEEP_TAIL = 2;

  private static final int A = Assembler.POINTERS[0];
  private static final int PANELS = Assembler.POINTERS[1];
  private static final int C = Assembler.POINTERS[2];
  private static final int B = Assembler.POINTERS[3];
  private static final int ALONG_A = Assembler.POINTERS[4];
  private static final int STEPS = Assembler.POINTERS[5];
  private static final int STRIPS = Assembler.POINTERS[6];
  private static final int TILES = Assembler.POINTERS[7];
  private static final int ALONG_B = Assembler.SHIFT;

  /// The part of b that is needed next.
  private static final int COMING = Assembler.ELEMENT;

  /// Blocks of k that are left, this one included.
  private static final int BLOCKS = Assembler.COUNT;

  private final TransposedProduct product;
  private final Assembler to = new Assembler();
  private final Frame frame;
  private final int startOfA;
  private final int startOfB;
  private final int startOfC;
  private final int widths;
  private final int strip;
  private final int rowOfStrip;
  private final int panels;
  private final int panelBytes;
  private final int blocks;
  private final int depth;
  private final int lastDepth;

  private TransposedProductCode(TransposedProduct product) {
    this.product = product;
    frame = new Frame(3);
    startOfA = frame.pointer();
    startOfB = frame.pointer();
    startOfC = frame.pointer();
    widths = frame.pointer();
    blocks = (product.k() + DEPTH - 1) / DEPTH;
    int even = (product.k() + blocks - 1) / blocks;
    depth = (even + LANES - 1) / LANES * LANES;
    lastDepth = product.k() - (blocks - 1) * depth;
    rowOfStrip = 4 * depth + VECTOR;
    strip = frame.vectors(MOST_ROWS * rowOfStrip / 4);
    panelBytes = depth * PANEL;
    int most = (Math.min(WIDTH, product.n()) + 2 * LANES - 1) / (2 * LANES);
    panels = frame.vectors(most * panelBytes / 4);
  }

  /// Code and the picture of its frame; inputs: a and b; output: c.
  static Written write(TransposedProduct product) {
    TransposedProductCode code = new TransposedProductCode(product);
    code.all();
    return new Written(code.to.toBytes(), code.frame);
  }

  private void all() {
    for (int i = Assembler.SCRATCHED; i < Assembler.POINTERS.length; i++) {
      to.push(Assembler.POINTERS[i]);
    }
    mask(TAIL, product.n() % LANES);
    mask(DEEP_TAIL, product.k() % LANES);
    copy(startOfB, Frame.INPUTS + 8);
    copy(startOfC, Frame.INPUTS + 16);
    int whole = product.n() / WIDTH;
    if (whole > 0) {
      to.set(Assembler.WORK, whole);
      to.save(widths, Assembler.WORK);
      int top = to.size();
      columns(WIDTH);
      advance(startOfB, WIDTH * product.rowOfOperand());
      advance(startOfC, 4 * WIDTH);
      advance(widths, -1);
      to.jump(Assembler.NOT_ZERO, top);
    }
    if (product.n() % WIDTH > 0) {
      columns(product.n() % WIDTH);
    }
    to.zeroUpper();
    for (int i = Assembler.POINTERS.length - 1; i >= Assembler.SCRATCHED; i--) {
      to.pop(Assembler.POINTERS[i]);
    }
    to.ret();
  }

  // Operands and loops

  private void mask(int mask, int lanes) {
    to.set(Assembler.WORK, (1 << lanes) - 1);
    to.setMask(mask, Assembler.WORK);
  }

  private void copy(int slot, int from) {
    to.load(Assembler.WORK, from);
    to.save(slot, Assembler.WORK);
  }

  private void advance(int slot, int bytes) {
    to.load(Assembler.WORK, slot);
    to.add(Assembler.WORK, bytes, true);
    to.save(slot, Assembler.WORK);
  }

  private void again(int counter, int top) {
    to.add(counter, -1, true);
    to.jump(Assembler.NOT_ZERO, top);
  }

  /// A count that is another one in the last block of k.
  private void set(int register, int usual, int last) {
    to.set(register, last);
    if (usual != last) {
      to.compare(BLOCKS, 1);
      int end = to.jumpAhead(Assembler.ZERO);
      to.set(register, usual);
      to.land(end);
    }
  }

  private static Address at(int pointer, int displacement) {
    return new Address(pointer, -1, 0, displacement, -1, false);
  }

  private void vector(VectorOp op, int reg, int second, Address rm, int mask, boolean zero) {
    to.vector(op, op.opcode, reg, second, rm, mask, zero, 0);
  }

  private void load(int reg, Address from, int mask) {
    vector(VectorOp.LOAD, reg, 0, from, mask, mask != 0);
  }

  private void store(int reg, Address where, int mask) {
    vector(VectorOp.STORE, reg, 0, where, mask, false);
  }

  private void vector(VectorOp op, int reg, int second, int rm, int immediate) {
    to.vector(op, op.opcode, reg, second, rm, 0, false, immediate);
  }

  // Blocks

  /// Some columns of c.
  private void columns(int count) {
    int vectors = (count + LANES - 1) / LANES;
    boolean tail = count % LANES != 0;
    copy(startOfA, Frame.INPUTS);
    to.load(B, startOfB);
    to.set(BLOCKS, blocks);
    int top = to.size();
    pack(vectors, count);
    coming();
    to.load(A, startOfA);
    to.load(C, startOfC);
    int strips = (product.m() + MOST_ROWS - 1) / MOST_ROWS;
    int rows = product.m() / strips;
    int longer = product.m() % strips;
    strips(longer, rows + 1, vectors, tail);
    strips(strips - longer, rows, vectors, tail);
    advance(startOfA, 4 * depth);
    again(BLOCKS, top);
  }

  private void strips(int count, int rows, int vectors, boolean tail) {
    if (count == 0) {
      return;
    }
    int whole = (tail ? vectors - 1 : vectors) / 2;
    to.set(STRIPS, count);
    int top = to.size();
    packStrip(rows);
    start(PANELS, panels);
    if (whole > 0) {
      to.set(TILES, whole);
      int tile = to.size();
      tile(rows, 2, false);
      to.add(PANELS, panelBytes, true);
      to.add(C, PANEL, true);
      again(TILES, tile);
    }
    if (vectors > 2 * whole) {
      tile(rows, vectors - 2 * whole, tail);
    }
    to.add(C, rows * product.rowOfResult() - whole * PANEL, true);
    to.add(A, rows * product.rowOfOperand(), true);
    again(STRIPS, top);
  }

  private void start(int pointer, int place) {
    to.move(pointer, Assembler.FRAME);
    to.add(pointer, place, true);
  }

  // The tile

  /// The sum of row r and vector v is in register `vectors * r + v`.
  private void tile(int rows, int vectors, boolean tail) {
    begin(rows, vectors, tail);
    start(ALONG_A, strip);
    to.move(ALONG_B, PANELS);
    set(STEPS, depth / UNROLL, lastDepth / UNROLL);
    to.test(STEPS);
    int none = to.jumpAhead(Assembler.ZERO);
    int top = to.size();
    ask();
    for (int step = 0; step < UNROLL; step++) {
      step(step, rows, vectors);
    }
    to.add(ALONG_A, 4 * UNROLL, true);
    to.add(ALONG_B, UNROLL * PANEL, true);
    again(STEPS, top);
    to.land(none);
    if (lastDepth % UNROLL > 0) {
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
    for (int v = 0; v < vectors; v++) {
      load(b + v, at(ALONG_B, step * PANEL + v * VECTOR), 0);
    }
    for (int r = 0; r < rows; r++) {
      int element = b + vectors + r % 2;
      vector(VectorOp.BROADCAST, element, 0, element(step, r), 0, false);
      for (int v = 0; v < vectors; v++) {
        VectorOp op = VectorOp.FUSED;
        to.vector(op, op.opcode + 0x20, r * vectors + v, element, b + v, 0, false, 0);
      }
    }
  }

  private Address element(int step, int row) {
    return new Address(ALONG_A, -1, 0, row * rowOfStrip + 4 * step, -1, true);
  }

  /// Where the next columns of c begin in b: behind this block without gaps, if all of k is one.
  private void coming() {
    to.load(COMING, startOfB);
    to.add(COMING, WIDTH * product.rowOfOperand(), true);
  }

  /// Asks for as much of the next block of b as is this block's part in this step.
  private void ask() {
    if (blocks == 1) {
      int bytes = 4 * UNROLL * 2 * LANES * MOST_ROWS / product.m();
      for (int place = 0; place < bytes; place += VECTOR) {
        to.prefetch(at(COMING, place));
      }
      to.add(COMING, (bytes + VECTOR - 1) / VECTOR * VECTOR, true);
    }
  }

  /// Sums begin with zero, later with what is there.
  private void begin(int rows, int vectors, boolean tail) {
    eachSum(rows, vectors, (sum, v, address) -> to.prefetchToWrite(address));
    to.compare(BLOCKS, blocks);
    int later = to.jumpAhead(Assembler.NOT_ZERO);
    for (int sum = 0; sum < rows * vectors; sum++) {
      vector(VectorOp.XOR, sum, sum, sum, 0);
    }
    if (blocks == 1) {
      to.land(later);
      return;
    }
    int end = to.jumpAhead();
    to.land(later);
    eachSum(rows, vectors, (sum, v, address) -> load(sum, address, tailMask(v, vectors, tail)));
    to.land(end);
  }

  private void end(int rows, int vectors, boolean tail) {
    eachSum(rows, vectors, (sum, v, address) -> store(sum, address, tailMask(v, vectors, tail)));
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
        move.accept(r * vectors + v, v, at(C, r * product.rowOfResult() + v * VECTOR));
      }
    }
  }

  // Strips and panels

  private void packStrip(int rows) {
    start(PANELS, strip);
    to.move(ALONG_A, A);
    alongRows(() -> rowsOfStrip(rows, 0), () -> rowsOfStrip(rows, DEEP_TAIL), ALONG_A, PANELS);
  }

  private void rowsOfStrip(int rows, int mask) {
    for (int r = 0; r < rows; r++) {
      load(r, at(ALONG_A, r * product.rowOfOperand()), mask);
      to.prefetch(at(ALONG_A, r * product.rowOfOperand() + 4 * depth));
    }
    for (int r = 0; r < rows; r++) {
      store(r, at(PANELS, r * rowOfStrip), 0);
    }
  }

  /// Does something with all whole vectors of rows along k, and something else with their rests.
  private void alongRows(Runnable vector, Runnable rest, int from, int target) {
    set(STEPS, depth / LANES, lastDepth / LANES);
    to.test(STEPS);
    int none = to.jumpAhead(Assembler.ZERO);
    int top = to.size();
    vector.run();
    to.add(from, VECTOR, true);
    to.add(target, target == PANELS ? VECTOR : LANES * PANEL, true);
    again(STEPS, top);
    to.land(none);
    if (lastDepth % LANES > 0) {
      to.compare(BLOCKS, 1);
      int end = to.jumpAhead(Assembler.NOT_ZERO);
      rest.run();
      to.land(end);
    }
  }

  /// Copies a block of columns of b's memory, 16 by 16 elements at a time.
  private void pack(int vectors, int columns) {
    start(PANELS, panels);
    to.move(ALONG_A, B);
    int whole = columns / LANES / 2;
    if (whole > 0) {
      to.set(TILES, whole);
      int top = to.size();
      for (int v = 0; v < 2; v++) {
        packVector(v, LANES);
      }
      to.add(ALONG_A, 2 * LANES * product.rowOfOperand(), true);
      to.add(PANELS, panelBytes, true);
      again(TILES, top);
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

  /// Transposes 16 by 16 elements: within quarters of vectors first, then the quarters.
  private void square(int vector, int rows, int mask) {
    int first = vector * LANES * product.rowOfOperand();
    for (int r = 0; r < LANES; r++) {
      if (r < rows) {
        int place = first + r * product.rowOfOperand();
        load(r, at(A, place), mask);
        to.prefetch(at(A, place + 2 * LANES * product.rowOfOperand()));
      } else {
        vector(VectorOp.XOR, r, r, r, 0);
      }
    }
    for (int q = 0; q < LANES; q += 4) {
      for (int pair = 0; pair < 4; pair += 2) {
        int r = q + pair;
        vector(VectorOp.UNPACK_LOW, LANES + r, r, r + 1, 0);
        vector(VectorOp.UNPACK_HIGH, LANES + r + 1, r, r + 1, 0);
      }
      for (int j = 0; j < 4; j++) {
        int from = LANES + q + j / 2;
        vector(VectorOp.SHUFFLE, q + j, from, from + 2, j % 2 == 0 ? 0x44 : 0xEE);
      }
    }
    for (int j = 0; j < 4; j++) {
      int u = LANES + 4 * j;
      for (int half = 0; half < 2; half++) {
        int s = 8 * half + j;
        vector(VectorOp.SHUFFLE_QUARTERS, u + half, s, s + 4, 0x88);
        vector(VectorOp.SHUFFLE_QUARTERS, u + 2 + half, s, s + 4, 0xDD);
      }
      for (int quarter = 0; quarter < 4; quarter++) {
        int from = u + quarter % 2 * 2;
        int column = 4 * quarter + j;
        int choice = quarter < 2 ? 0x88 : 0xDD;
        vector(VectorOp.SHUFFLE_QUARTERS, column, from, from + 1, choice);
        store(column, at(ALONG_B, column * PANEL + vector * VECTOR), 0);
      }
    }
  }
}
