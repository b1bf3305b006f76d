package io.kalamos.kernels;

import static io.kalamos.kernels.Address.at;
import static io.kalamos.kernels.Routine.LANES;
import static io.kalamos.kernels.Routine.VECTOR;
import static io.kalamos.kernels.SparseProductCode.A;
import static io.kalamos.kernels.SparseProductCode.FROM;
import static io.kalamos.kernels.SparseProductCode.STEPS;
import static io.kalamos.kernels.SparseProductCode.TO;
import static io.kalamos.kernels.SparseSums.SCALE;
import static io.kalamos.kernels.SparseSums.lastSteps;
import static io.kalamos.kernels.SparseSums.vectorsOf;

import io.kalamos.engine.DType;

/// Writes how a sparse product gets at the numbers of a that do not lie in memory row by row:
/// picked rows of data are converted, a transposed a is turned. Each row's numbers then lie
/// together, for one block of steps along k.
final class SparseNumbers {
  /// Rows of a transposed a that are turned at a time.
  static final int GROUP = 2 * LANES;

  /// Picked rows that are asked for in advance.
  static final int PICKED_AHEAD = 4;

  /// A register for numbers on their way.
  private static final int NUMBER = 1;

  /// Mask of the last rows of a transposed a.
  private static final int LAST_ROWS = 3;

  private static final int SPARE = Assembler.SHIFT;

  private final Routine to;
  private final MatrixProduct product;
  private final int depth;
  private final int scale;
  private final int place;

  /// @param rows whose numbers lie together
  /// @param depth steps of a block
  SparseNumbers(Routine to, Frame frame, MatrixProduct product, int rows, int depth) {
    this.to = to;
    this.product = product;
    this.depth = depth;
    scale = isScaled() ? frame.repeated(Float.floatToRawIntBits(product.picked().scale())) : 0;
    place = frame.vectors(rows * depth);
  }

  /// Bytes from the numbers of a row to those of the next.
  int apart() {
    return Float.BYTES * depth;
  }

  void prepare() {
    to.maskOfFirst(LAST_ROWS, product.m() % LANES);
    if (isScaled()) {
      to.loadVector(SCALE, Address.frame(scale), 0);
    }
  }

  /// The address of the first row's numbers.
  void start(int register) {
    to.start(register, place);
  }

  private boolean isScaled() {
    return product.picked() != null && product.picked().scale() != 1;
  }

  private boolean isBytes() {
    return product.picked() != null && product.picked().type() == DType.UINT8;
  }

  // Picked rows

  /// The next rows of the table at `A`, to where `TO` points, and a look at them.
  ///
  /// @param start place of the frame where the beginning of the block in a row is
  void pick(int rows, int steps, int start, SparseSums sums) {
    boolean marksBytes = isBytes() && steps == VECTOR;
    for (int row = 0; row < rows; row++) {
      rowOfData(row + PICKED_AHEAD, start);
      for (int line = 0; line <= steps * product.elementOfA(); line += VECTOR) {
        to.prefetch(at(SPARE, line));
      }
      rowOfData(row, start);
      if (marksBytes) {
        joinBytes(row);
      }
      for (int v = 0; v < vectorsOf(steps); v++) {
        number(NUMBER, at(SPARE, v * LANES * product.elementOfA()), lastSteps(v, steps));
        to.storeVector(NUMBER, at(TO, row * apart() + v * VECTOR), 0);
      }
    }
    if (marksBytes) {
      sums.lookAtBytes();
    } else {
      sums.look(TO, 0, apart(), rows, steps);
    }
  }

  /// Where this block of a picked row lies.
  private void rowOfData(int row, int start) {
    to.loadLong(SPARE, at(A, row * Long.BYTES));
    to.addFrame(SPARE, start);
  }

  /// Joins a row's bytes with those of the rows before.
  private void joinBytes(int row) {
    if (row == 0) {
      to.loadVector(0, at(SPARE, 0), 0);
    } else {
      to.vector(VectorOp.OR, 0, 0, at(SPARE, 0));
    }
  }

  // A transposed a: its rows are columns in memory, from `FROM` on

  void turn(int rows, int steps) {
    for (int first = 0; first < rows; first += LANES) {
      turn(first, Math.min(LANES, rows - first), steps);
    }
  }

  /// Some rows, 16 steps at a time.
  private void turn(int first, int rows, int steps) {
    to.move(SPARE, FROM);
    to.start(TO, place + first * apart());
    int whole = steps / LANES;
    if (whole > 0) {
      int top = to.repeat(STEPS, whole);
      square(first, rows, LANES);
      to.add(SPARE, LANES * product.alongA(), true);
      to.add(TO, VECTOR, true);
      to.again(STEPS, top);
    }
    if (steps % LANES > 0) {
      square(first, rows, steps % LANES);
    }
  }

  private void square(int first, int rows, int steps) {
    int column = first * product.elementOfA();
    int mask = rows < LANES ? LAST_ROWS : 0;
    if (isScaled()) {
      to.loadVector(SCALE, Address.frame(scale), 0);
    }
    for (int step = 0; step < LANES; step++) {
      if (step >= steps) {
        to.clearVector(step);
      } else if (product.picked() == null) {
        number(step, at(SPARE, column + step * product.alongA()), mask);
        to.prefetch(at(SPARE, column + step * product.alongA() + GROUP * product.elementOfA()));
      } else {
        to.loadLong(Assembler.WORK, at(SPARE, step * product.alongA()));
        number(step, at(Assembler.WORK, A, column), mask);
      }
    }
    Square.transpose(to, (register, row) -> to.storeVector(register, at(TO, row * apart()), 0));
  }

  /// 16 numbers of a.
  private void number(int register, Address from, int mask) {
    to.load(isBytes() ? VectorOp.LOAD_BYTES : VectorOp.LOAD, register, from, mask);
    if (isBytes()) {
      to.vector(VectorOp.FROM_INT, register, 0, register);
    }
    if (isScaled()) {
      to.vector(VectorOp.MULTIPLY, register, register, SCALE);
    }
  }
}
