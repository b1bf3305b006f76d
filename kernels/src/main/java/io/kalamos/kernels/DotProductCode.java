package io.kalamos.kernels;

import static io.kalamos.kernels.Address.at;
import static io.kalamos.kernels.Routine.LANES;
import static io.kalamos.kernels.Routine.VECTOR;

import io.kalamos.engine.DType;

/// Writes the machine code of [MatrixProduct] for data and few columns of b, as of a classifier
/// without hidden layers: what takes time there is to bring numbers to where they are multiplied.
///
/// So data are multiplied as they are read, sixteen numbers along k at a time: a vector for each
/// row and column collects sums of every sixteenth product, which are added up at the end. The
/// columns of b are packed once, and stay in the first-level cache.
final class DotProductCode {
  /// Vectors of sums.
  private static final int MOST_SUMS = 24;

  private static final int MOST_COLUMNS = MOST_SUMS / 2;
  private static final int MOST_ROWS = 4;

  /// Bytes of b, of which most should stay in the first-level cache.
  private static final int MOST_BYTES = 64 << 10;

  /// Bytes of data that are asked for in advance: a second-level cache holds them.
  private static final int MOST_ASKED = 128 << 10;

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
  private final Routine to;
  private final int operandB;
  private final int packed;
  private final int scale;
  private final int rows;

  private DotProductCode(MatrixProduct product) {
    this.product = product;
    operandB = Frame.INPUTS + 16;
    Frame frame = new Frame(hasBias() ? 5 : 4);
    to = new Routine(frame);
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
    return new DotProductCode(product).all();
  }

  private boolean hasBias() {
    return product.ending().bias();
  }

  private Written all() {
    to.enter();
    to.maskOfFirst(LAST_STEPS, product.k() % LANES);
    to.maskOfFirst(COLUMNS, product.n());
    ask();
    pack();
    to.loadVector(SCALE, Address.frame(scale), 0);
    to.clearVector(ZEROS);
    if (hasBias()) {
      to.load(Assembler.WORK, operandB + 8);
      to.loadVector(BIAS, at(Assembler.WORK, 0), COLUMNS);
    }
    to.load(A, Frame.INPUTS + 8);
    to.load(C, operandB + (hasBias() ? 16 : 8));
    if (product.m() >= rows) {
      int top = to.repeat(ROWS, product.m() / rows);
      someRows(rows);
      to.again(ROWS, top);
    }
    if (product.m() % rows > 0) {
      someRows(product.m() % rows);
    }
    return to.leave();
  }

  /// Asks for what is about to be read: data lie anywhere.
  private void ask() {
    int bytes = product.k() * product.elementOfA();
    to.load(A, Frame.INPUTS + 8);
    to.load(B, Frame.INPUTS);
    int top = to.repeat(STEPS, Math.min(product.m(), Math.max(1, MOST_ASKED / bytes)));
    PickedRows.place(to, product, C, A, B);
    PickedRows.ask(to, C, bytes);
    to.add(A, Integer.BYTES, true);
    to.again(STEPS, top);
  }

  /// Brings b into vectors of sixteen steps along k, one for each column.
  private void pack() {
    to.load(A, operandB);
    to.start(B, packed);
    int whole = product.k() / LANES;
    if (whole > 0) {
      int top = to.repeat(STEPS, whole);
      packSteps(LANES);
      to.add(A, LANES * product.rowOfB(), true);
      to.add(B, product.n() * VECTOR, true);
      to.again(STEPS, top);
    }
    if (product.k() % LANES > 0) {
      packSteps(product.k() % LANES);
    }
  }

  private void packSteps(int steps) {
    for (int step = 0; step < LANES; step++) {
      if (step < steps) {
        to.loadVector(step, at(A, step * product.rowOfB()), COLUMNS);
      } else {
        to.clearVector(step);
      }
    }
    Square.transpose(
        to,
        (register, column) -> {
          if (column < product.n()) {
            to.storeVector(register, at(B, column * VECTOR), 0);
          }
        });
  }

  private void someRows(int count) {
    to.load(B, Frame.INPUTS);
    for (int row = 0; row < count; row++) {
      PickedRows.place(to, product, ROW[row], A, B);
      to.add(A, Integer.BYTES, true);
    }
    for (int sum = 0; sum < count * product.n(); sum++) {
      to.clearVector(sum);
    }
    to.start(B, packed);
    int whole = product.k() / LANES;
    if (whole > 0) {
      int top = to.repeat(STEPS, whole);
      step(count, 0);
      for (int row = 0; row < count; row++) {
        to.add(ROW[row], LANES * product.elementOfA(), true);
      }
      to.add(B, product.n() * VECTOR, true);
      to.again(STEPS, top);
    }
    if (product.k() % LANES > 0) {
      step(count, LAST_STEPS);
    }
    for (int row = 0; row < count; row++) {
      result(row);
    }
    to.add(C, count * product.rowOfResult(), true);
  }

  private void step(int count, int mask) {
    boolean bytes = product.picked().type() == DType.UINT8;
    for (int row = 0; row < count; row++) {
      int number = NUMBERS + row;
      to.load(bytes ? VectorOp.LOAD_BYTES : VectorOp.LOAD, number, at(ROW[row], 0), mask);
      if (bytes) {
        to.vector(VectorOp.FROM_INT, number, 0, number);
      }
    }
    for (int column = 0; column < product.n(); column++) {
      to.loadVector(OPERAND, at(B, column * VECTOR), 0);
      for (int row = 0; row < count; row++) {
        to.addProduct(row * product.n() + column, NUMBERS + row, OPERAND);
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
      to.vector(VectorOp.MULTIPLY, sum, sum, SCALE);
    }
    if (hasBias()) {
      to.vector(VectorOp.ADD, sum, sum, BIAS);
    }
    if (product.ending().relu()) {
      to.vector(VectorOp.MAXIMUM, sum, ZEROS, sum); // what is undefined stays, as the second one
    }
    to.storeVector(sum, at(C, row * product.rowOfResult()), COLUMNS);
  }

  /// In each quarter the sums of two lanes of a and b in turn: a, b, a, b; left in a.
  private int halves(int a, int b) {
    to.vector(VectorOp.UNPACK_LOW, NUMBERS, a, b);
    to.vector(VectorOp.UNPACK_HIGH, NUMBERS + 1, a, b);
    to.vector(VectorOp.ADD, a, NUMBERS, NUMBERS + 1);
    return a;
  }

  /// Sums of the lanes that two choices bring together; left in a.
  private int quarters(VectorOp op, int a, int b, int some, int others) {
    to.vector(op, NUMBERS, a, b, some);
    to.vector(op, NUMBERS + 1, a, b, others);
    to.vector(VectorOp.ADD, a, NUMBERS, NUMBERS + 1);
    return a;
  }
}
