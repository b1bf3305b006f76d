package io.kalamos.kernels;

import static io.kalamos.kernels.ProductPacking.at;

import io.kalamos.engine.DType;

/// Writes the machine code of [MatrixProduct] for data and few columns of b, as of a classifier
/// without hidden layers: what takes time there is to bring numbers to where they are multiplied.
///
/// So data are multiplied as they are read, sixteen numbers along k at a time: a vector for each
/// row and column collects sums of every sixteenth product, which are added up at the end. The
/// columns of b are packed once, and stay in the first-level cache.
final class DotProductCode {
  private static final int LANES = 16;
  private static final int VECTOR = 64;

  /// Vectors of sums.
  private static final int MOST_SUMS = 24;

  private static final int MOST_COLUMNS = MOST_SUMS / 2;
  private static final int MOST_ROWS = 4;

  /// Bytes of b, of which most should stay in the first-level cache.
  private static final int MOST_BYTES = 64 << 10;

  /// Bytes of data that are asked for in advance: a second-level cache holds them.
  private static final int MOST_ASKED = 128 << 10;

  private static final int MOST_ASKED_OF_ROW = 1024;

  /// Mask of the last steps along k.
  private static final int LAST_STEPS = 1;

  /// Mask of the columns.
  private static final int COLUMNS = 2;

  private static final int A = Assembler.POINTERS[0];
  private static final int B = Assembler.POINTERS[1];
  private static final int C = Assembler.POINTERS[2];
  private static final int ROWS = Assembler.POINTERS[3];
  private static final int STEPS = Assembler.POINTERS[4];

  /// Where each row of a turn lies.
  private static final int[] ROW = {
    Assembler.POINTERS[5], Assembler.POINTERS[6], Assembler.POINTERS[7], Assembler.ROW
  };

  // Registers behind the sums
  private static final int NUMBERS = MOST_SUMS;
  private static final int OPERAND = NUMBERS + MOST_ROWS;
  private static final int BIAS = 29;
  private static final int SCALE = 30;
  private static final int ZEROS = 31;

  private final MatrixProduct product;
  private final Assembler to = new Assembler();
  private final Frame frame;
  private final int operandB;
  private final int packed;
  private final int scale;
  private final int rows;

  private DotProductCode(MatrixProduct product) {
    this.product = product;
    operandB = Frame.INPUTS + 16;
    frame = new Frame(hasBias() ? 5 : 4);
    packed = frame.vectors((product.k() + LANES - 1) / LANES * LANES * product.n());
    scale = frame.repeated(Float.floatToRawIntBits(product.picked().scale()));
    rows = Math.min(MOST_ROWS, MOST_SUMS / product.n());
  }

  /// Whether the code is made for such sizes.
  static boolean fits(MatrixProduct product) {
    return product.picked() != null
        && !product.transposeA()
        && !product.transposeB()
        && product.n() <= MOST_COLUMNS
        && 4L * product.k() * product.n() <= MOST_BYTES;
  }

  /// Code and the picture of its frame; inputs: a, the numbers of its rows, b; output: c.
  static Written write(MatrixProduct product) {
    DotProductCode code = new DotProductCode(product);
    code.all();
    return new Written(code.to.toBytes(), code.frame);
  }

  private boolean hasBias() {
    return product.ending().bias();
  }

  private void all() {
    for (int i = Assembler.SCRATCHED; i < Assembler.POINTERS.length; i++) {
      to.push(Assembler.POINTERS[i]);
    }
    mask(LAST_STEPS, product.k() % LANES);
    mask(COLUMNS, product.n());
    ask();
    pack();
    load(SCALE, Address.frame(scale), 0);
    emit(VectorOp.XOR, ZEROS, ZEROS, ZEROS);
    if (hasBias()) {
      to.load(Assembler.WORK, operandB + 8);
      load(BIAS, at(Assembler.WORK, 0), COLUMNS);
    }
    to.load(A, Frame.INPUTS + 8);
    to.load(C, operandB + (hasBias() ? 16 : 8));
    if (product.m() >= rows) {
      to.set(ROWS, product.m() / rows);
      int top = to.size();
      someRows(rows);
      again(ROWS, top);
    }
    if (product.m() % rows > 0) {
      someRows(product.m() % rows);
    }
    to.zeroUpper();
    for (int i = Assembler.POINTERS.length - 1; i >= Assembler.SCRATCHED; i--) {
      to.pop(Assembler.POINTERS[i]);
    }
    to.ret();
  }

  /// Asks for what is about to be read: data lie anywhere.
  private void ask() {
    int bytes = product.k() * product.elementOfA();
    to.load(A, Frame.INPUTS + 8);
    to.load(B, Frame.INPUTS);
    to.set(STEPS, Math.min(product.m(), Math.max(1, MOST_ASKED / bytes)));
    int top = to.size();
    to.loadInt(C, at(A, 0));
    to.multiply(C, C, product.rowOfA());
    to.add(C, B);
    for (int place = 0; place < Math.min(bytes, MOST_ASKED_OF_ROW); place += VECTOR) {
      to.prefetch(at(C, place));
    }
    to.add(A, Integer.BYTES, true);
    again(STEPS, top);
  }

  /// Brings b into vectors of sixteen steps along k, one for each column.
  private void pack() {
    to.load(A, operandB);
    start(B, packed);
    int whole = product.k() / LANES;
    if (whole > 0) {
      to.set(STEPS, whole);
      int top = to.size();
      packSteps(LANES);
      to.add(A, LANES * product.rowOfB(), true);
      to.add(B, product.n() * VECTOR, true);
      again(STEPS, top);
    }
    if (product.k() % LANES > 0) {
      packSteps(product.k() % LANES);
    }
  }

  private void packSteps(int steps) {
    for (int step = 0; step < LANES; step++) {
      if (step < steps) {
        load(step, at(A, step * product.rowOfB()), COLUMNS);
      } else {
        emit(VectorOp.XOR, step, step, step);
      }
    }
    Square.transpose(
        to,
        (register, column) -> {
          if (column < product.n()) {
            store(register, at(B, column * VECTOR), 0);
          }
        });
  }

  private void someRows(int count) {
    to.load(B, Frame.INPUTS);
    for (int row = 0; row < count; row++) {
      to.loadInt(ROW[row], at(A, row * Integer.BYTES));
      to.multiply(ROW[row], ROW[row], product.rowOfA());
      to.add(ROW[row], B);
    }
    for (int sum = 0; sum < count * product.n(); sum++) {
      emit(VectorOp.XOR, sum, sum, sum);
    }
    start(B, packed);
    int whole = product.k() / LANES;
    if (whole > 0) {
      to.set(STEPS, whole);
      int top = to.size();
      step(count, 0);
      for (int row = 0; row < count; row++) {
        to.add(ROW[row], LANES * product.elementOfA(), true);
      }
      to.add(B, product.n() * VECTOR, true);
      again(STEPS, top);
    }
    if (product.k() % LANES > 0) {
      step(count, LAST_STEPS);
    }
    for (int row = 0; row < count; row++) {
      result(row);
    }
    to.add(A, count * Integer.BYTES, true);
    to.add(C, count * product.rowOfResult(), true);
  }

  private void step(int count, int mask) {
    boolean bytes = product.picked().type() == DType.UINT8;
    for (int row = 0; row < count; row++) {
      int number = NUMBERS + row;
      VectorOp op = bytes ? VectorOp.LOAD_BYTES : VectorOp.LOAD;
      to.vector(op, op.opcode, number, 0, at(ROW[row], 0), mask, mask != 0, 0);
      if (bytes) {
        emit(VectorOp.FROM_INT, number, 0, number);
      }
    }
    for (int column = 0; column < product.n(); column++) {
      load(OPERAND, at(B, column * VECTOR), 0);
      for (int row = 0; row < count; row++) {
        VectorOp op = VectorOp.FUSED;
        int sum = row * product.n() + column;
        to.vector(op, op.opcode + 0x20, sum, NUMBERS + row, OPERAND, 0, false, 0);
      }
    }
  }

  /// Adds up the lanes of each sum of a row, brings them together in one vector, and ends them.
  private void result(int row) {
    int[] groups = new int[(product.n() + 3) / 4];
    for (int group = 0; group < groups.length; group++) {
      int first = row * product.n() + 4 * group;
      int last = row * product.n() + product.n() - 1;
      int a = halves(first, Math.min(first + 1, last));
      int b = first + 2 > last ? a : halves(first + 2, Math.min(first + 3, last));
      groups[group] = quarters(VectorOp.SHUFFLE, a, b, 0x44, 0xEE);
    }
    int last = groups.length - 1;
    int a = quarters(VectorOp.SHUFFLE_QUARTERS, groups[0], groups[Math.min(1, last)], 0x88, 0xDD);
    int b = a;
    if (last == 2) {
      b = quarters(VectorOp.SHUFFLE_QUARTERS, groups[2], groups[2], 0x88, 0xDD);
    }
    int sum = quarters(VectorOp.SHUFFLE_QUARTERS, a, b, 0x88, 0xDD);
    if (product.picked().scale() != 1) {
      emit(VectorOp.MULTIPLY, sum, sum, SCALE);
    }
    if (hasBias()) {
      emit(VectorOp.ADD, sum, sum, BIAS);
    }
    if (product.ending().relu()) {
      emit(VectorOp.MAXIMUM, sum, ZEROS, sum); // what is undefined stays, as the second one
    }
    store(sum, at(C, row * product.rowOfResult()), COLUMNS);
  }

  /// In each quarter the sums of two lanes of a and b in turn: a, b, a, b; left in a.
  private int halves(int a, int b) {
    emit(VectorOp.UNPACK_LOW, NUMBERS, a, b);
    emit(VectorOp.UNPACK_HIGH, NUMBERS + 1, a, b);
    emit(VectorOp.ADD, a, NUMBERS, NUMBERS + 1);
    return a;
  }

  /// Sums of the lanes that two choices bring together; left in a.
  private int quarters(VectorOp op, int a, int b, int some, int others) {
    to.vector(op, op.opcode, NUMBERS, a, b, 0, false, some);
    to.vector(op, op.opcode, NUMBERS + 1, a, b, 0, false, others);
    emit(VectorOp.ADD, a, NUMBERS, NUMBERS + 1);
    return a;
  }

  // Instructions

  private void emit(VectorOp op, int reg, int second, int rm) {
    to.vector(op, op.opcode, reg, second, rm, 0, false, 0);
  }

  private void load(int reg, Address from, int mask) {
    to.vector(VectorOp.LOAD, VectorOp.LOAD.opcode, reg, 0, from, mask, mask != 0, 0);
  }

  private void store(int reg, Address where, int mask) {
    to.vector(VectorOp.STORE, VectorOp.STORE.opcode, reg, 0, where, mask, false, 0);
  }

  private void mask(int mask, int lanes) {
    to.set(Assembler.WORK, (1 << lanes) - 1);
    to.setMask(mask, Assembler.WORK);
  }

  private void start(int pointer, int place) {
    to.move(pointer, Assembler.FRAME);
    to.add(pointer, place, true);
  }

  private void again(int counter, int top) {
    to.add(counter, -1, true);
    to.jump(Assembler.NOT_ZERO, top);
  }
}
