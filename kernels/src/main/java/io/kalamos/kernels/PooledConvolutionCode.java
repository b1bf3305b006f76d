package io.kalamos.kernels;

import static io.kalamos.kernels.Address.at;
import static io.kalamos.kernels.Routine.LANES;
import static io.kalamos.kernels.Routine.VECTOR;

/// Writes the machine code of [PooledConvolution].
///
/// *Forward*: the four windows under a result and up to 64 filters are sums in registers. Each
/// element of the kernel is multiplied with four pixels, of which the next element, one column to
/// the right, needs two again.
///
/// *Gradient*: of the four windows only the winner has a gradient, a different one in each filter.
/// So the pixels are not multiplied by gradients that are mostly zeros, but picked: a vector holds
/// eight pixels of a row and the eight below them, and a permutation takes for each filter the
/// pixel under its winner. One permutation and one multiplication do the work of four
/// multiplications. The winner is coded as its lane in such a vector (0, 1, 8 or 9), with the sign
/// bit set unless relu let nothing through.
///
/// Half of the windows over a picture of writing see blank paper only. There the results are the
/// bias, and the kernel has no gradient: nothing is multiplied.
final class PooledConvolutionCode {
  private static final int PICTURES = Assembler.POINTERS[0];
  private static final int WINNERS = Assembler.POINTERS[2];
  private static final int KERNEL = Assembler.POINTERS[3];
  private static final int BIAS = Assembler.POINTERS[4];
  private static final int PIXELS = Assembler.POINTERS[5];
  private static final int LINES = Assembler.POINTERS[6];
  private static final int PLACES = Assembler.POINTERS[7];

  /// The results going forward, their gradient on the way back.
  private static final int POOLED = Assembler.POINTERS[1];

  /// Masks: the last columns of a picture, the upper half of a vector, the outcome of a comparison.
  private static final int TAIL = 1;

  private static final int UPPER = 2;
  private static final int OUTCOME = 3;

  /// The columns that the windows under a result see.
  private static final int SEEN = 4;

  private static final int GREATER = 0x1E;
  private static final int UNORDERED = 0x03;
  private static final int SHIFT_LEFT = 6;
  private static final int SHIFT_RIGHT = 2;
  private static final int ALIVE = 0x80;
  private static final int[] CODES = {ALIVE, ALIVE | 1, ALIVE | 8, ALIVE | 9};

  /// Results, of one vector each, whose gradients are on their way from memory.
  private static final int AHEAD = 16;

  private final PooledConvolution shape;
  private final Frame frame = new Frame(5);
  private final Routine to = new Routine(frame);
  private final int padded;
  private final int rowBytes;
  private int top;

  private PooledConvolutionCode(PooledConvolution shape) {
    this.shape = shape;
    padded = frame.vectors(shape.paddedRows() * shape.paddedColumns() + LANES);
    rowBytes = 4 * shape.paddedColumns();
  }

  /// Inputs: pictures, kernel, bias; outputs: results, winners.
  static Written forward(PooledConvolution shape) {
    PooledConvolutionCode code = new PooledConvolutionCode(shape);
    code.enter(PICTURES, KERNEL, BIAS, POOLED, WINNERS);
    code.forward();
    return code.to.leave();
  }

  /// Inputs: pictures, winners, gradient of the results; outputs: gradients of kernel and bias.
  static Written gradient(PooledConvolution shape) {
    PooledConvolutionCode code = new PooledConvolutionCode(shape);
    code.enter(PICTURES, WINNERS, POOLED, KERNEL, BIAS);
    code.gradient();
    return code.to.leave();
  }

  private void enter(int... pointers) {
    to.enter();
    for (int i = 0; i < pointers.length; i++) {
      to.load(pointers[i], Frame.INPUTS + 8 * i);
    }
    to.load(Assembler.COUNT, Frame.ROWS);
  }

  // Loops and operands

  /// Runs over the pictures, each of them copied between zeros first.
  ///
  /// @param below lanes after which a vector shows the row below
  private int pictures(int below) {
    int columns = Math.min(shape.width(), shape.paddedColumns() - shape.left());
    to.maskOfFirst(TAIL, columns % LANES);
    to.mask(UPPER, 0xFF00);
    int seen = (1 << shape.kernelWidth() + 1) - 1;
    to.mask(SEEN, seen << below | seen);
    to.test(Assembler.COUNT);
    int none = to.jumpAhead(Assembler.ZERO);
    top = to.size();
    to.start(PIXELS, padded + shape.top() * rowBytes + 4 * shape.left());
    int rows = Math.min(shape.height(), shape.paddedRows() - shape.top());
    int line = to.repeat(LINES, rows);
    for (int column = 0; column < columns; column += LANES) {
      int mask = column + LANES > columns ? TAIL : 0;
      to.loadVector(0, at(PICTURES, 4 * column), mask);
      to.vector(VectorOp.STORE, 0, 0, at(PIXELS, 4 * column), mask);
    }
    to.add(PICTURES, 4 * shape.width(), true);
    to.add(PIXELS, rowBytes, true);
    to.again(LINES, line);
    to.add(PICTURES, 4 * shape.width() * (shape.height() - rows), true);
    return none;
  }

  private void nextPicture(int none) {
    to.add(POOLED, shape.pooledSize() << shape.resultScale(), true);
    to.add(WINNERS, shape.pooledSize(), true);
    to.again(Assembler.COUNT, top);
    to.land(none);
  }

  /// Memory `elements` behind an index of elements of `1 << scale` bytes.
  private static Address element(int pointer, int index, int scale, int elements) {
    return new Address(pointer, index, scale, elements << scale, -1, false);
  }

  // Forward

  private void forward() {
    int vectors = vectorsTogether();
    int zero = 31;
    to.clearVector(zero);
    int none = pictures(0);
    to.clear(Assembler.COLUMN);
    int block = to.size();
    to.move(Assembler.ELEMENT, Assembler.COLUMN);
    to.start(PIXELS, padded);
    int line = to.repeat(LINES, shape.pooledHeight());
    int place = to.repeat(PLACES, shape.pooledWidth());
    windows(vectors);
    for (int v = 0; v < vectors; v++) {
      winner(v, vectors, zero);
    }
    to.add(Assembler.ELEMENT, shape.filters(), true);
    to.add(PIXELS, 8, true);
    to.again(PLACES, place);
    to.add(PIXELS, 2 * rowBytes - 8 * shape.pooledWidth(), true);
    to.again(LINES, line);
    to.add(Assembler.COLUMN, LANES * vectors, true);
    to.compare(Assembler.COLUMN, shape.filters());
    to.jump(Assembler.BELOW, block);
    nextPicture(none);
  }

  /// The most vectors of filters whose sums, elements and pixels fit the registers.
  private int vectorsTogether() {
    int vectors = 4;
    while (shape.filters() / LANES % vectors != 0) {
      vectors--;
    }
    return vectors;
  }

  /// The sums of four windows: those of window `w` and vector `v` in register `w * vectors + v`.
  private void windows(int vectors) {
    int elements = 4 * vectors;
    int pixels = elements + vectors;
    for (int w = 0; w < 4; w++) {
      for (int v = 0; v < vectors; v++) {
        to.vector(VectorOp.LOAD, w * vectors + v, 0, element(BIAS, Assembler.COLUMN, 2, LANES * v));
      }
    }
    look(pixels, shape.kernelHeight() + 1, rowBytes);
    to.test(Assembler.WORK);
    int blank = to.jumpAhead(Assembler.ZERO);
    for (int i = 0; i < shape.kernelHeight(); i++) {
      twoPixels(pixels, i, 0);
      for (int j = 0; j < shape.kernelWidth(); j++) {
        twoPixels(pixels + 2 * ((j + 1) % 2), i, j + 1);
        int tap = i * shape.kernelWidth() + j;
        for (int v = 0; v < vectors; v++) {
          int element = tap * shape.filters() + LANES * v;
          to.vector(VectorOp.LOAD, elements + v, 0, element(KERNEL, Assembler.COLUMN, 2, element));
        }
        for (int w = 0; w < 4; w++) {
          int pixel = pixels + 2 * ((j + w % 2) % 2) + w / 2;
          for (int v = 0; v < vectors; v++) {
            to.addProduct(w * vectors + v, elements + v, pixel);
          }
        }
      }
    }
    to.land(blank);
  }

  /// Whether all of some rows are blank in the columns of mask `SEEN`: `WORK` is 0 then.
  private void look(int register, int rows, int bytes) {
    to.vector(VectorOp.LOAD, register, 0, at(PIXELS, 0));
    for (int row = 1; row < rows; row++) {
      to.vector(VectorOp.OR, register, register, at(PIXELS, row * bytes));
    }
    VectorOp op = VectorOp.TEST;
    to.vector(op, op.opcode, OUTCOME, register, register, SEEN, false, 0);
    to.getMask(Assembler.WORK, OUTCOME);
  }

  /// A pixel and the one below it, each in all lanes.
  private void twoPixels(int register, int row, int column) {
    for (int below = 0; below < 2; below++) {
      int displacement = (row + below) * rowBytes + 4 * column;
      to.vector(VectorOp.BROADCAST, register + below, 0, repeated(PIXELS, displacement));
    }
  }

  private static Address repeated(int pointer, int displacement) {
    return new Address(pointer, -1, 0, displacement, -1, true);
  }

  /// The first of the greatest sums, and which it was.
  private void winner(int v, int vectors, int zero) {
    int code = 4 * vectors;
    constant(code, CODES[0], 0);
    for (int w = 1; w < 4; w++) {
      compare(w * vectors + v, v);
      constant(code, CODES[w], OUTCOME);
      to.vector(VectorOp.MAXIMUM, v, v, w * vectors + v);
    }
    compare(v, zero);
    VectorOp move = VectorOp.MOVE;
    to.vector(move, move.opcode, code, 0, code, OUTCOME, true, 0);
    to.vector(VectorOp.MAXIMUM, v, zero, v); // a NaN as the second operand stays
    to.vector(VectorOp.STORE_BYTES, code, 0, element(WINNERS, Assembler.ELEMENT, 0, LANES * v));
    if (shape.narrow()) {
      round(v, code);
    }
    VectorOp store = shape.narrow() ? VectorOp.STORE_HALVES : VectorOp.STORE;
    to.vector(store, v, 0, element(POOLED, Assembler.ELEMENT, shape.resultScale(), LANES * v));
  }

  /// To the nearest bfloat16, in the lower halves; what is no number stays so.
  private void round(int value, int work) {
    to.vector(
        VectorOp.COMPARE, VectorOp.COMPARE.opcode, OUTCOME, value, value, 0, false, UNORDERED);
    shift(SHIFT_RIGHT, work, value);
    to.vector(VectorOp.AND, work, work, Address.repeated(frame.constant(1)));
    to.vector(VectorOp.INT_ADD, work, work, Address.repeated(frame.constant(0x7FFF)));
    to.vector(VectorOp.INT_ADD, value, value, work);
    shift(SHIFT_RIGHT, value, value);
    constant(value, 0x7FC0, OUTCOME);
  }

  private void shift(int kind, int target, int source) {
    to.vector(VectorOp.SHIFT, VectorOp.SHIFT.opcode, kind, target, source, 0, false, 16);
  }

  private void compare(int a, int b) {
    VectorOp op = VectorOp.COMPARE;
    to.vector(op, op.opcode, OUTCOME, a, b, 0, false, GREATER);
  }

  /// All lanes of the mask = the bits.
  private void constant(int register, int bits, int mask) {
    Address word = Address.repeated(frame.constant(bits));
    to.vector(VectorOp.BROADCAST, register, 0, word, mask);
  }

  // Gradient

  private void gradient() {
    int pairs = frame.vectors(shape.pairRows() * shape.pairRowBytes() / 4);
    int written = frame.vectors(shape.pooledHeight() * shape.pooledWidth());
    int taps = shape.taps();
    int one = taps + 1;
    constant(one, 1, 0);
    to.clearVector(0);
    to.clear(Assembler.COLUMN);
    int block = to.size();
    eachSum((sum, address) -> to.vector(VectorOp.STORE, 0, 0, address));
    nextBlock(block);
    int none = pictures(LANES / 2);
    pairs(pairs);
    eachPlace(
        pairs,
        written,
        () -> {
          look(0, shape.kernelHeight(), shape.pairRowBytes());
          to.saveInt(at(Assembler.SHIFT, 0), Assembler.WORK);
        });
    to.clear(Assembler.COLUMN);
    block = to.size();
    eachSum((sum, address) -> to.vector(VectorOp.LOAD, sum, 0, address));
    to.move(Assembler.ELEMENT, Assembler.COLUMN);
    eachPlace(
        pairs,
        written,
        () -> {
          picked(one);
          to.add(Assembler.ELEMENT, shape.filters(), true);
        });
    eachSum((sum, address) -> to.vector(VectorOp.STORE, sum, 0, address));
    nextBlock(block);
    nextPicture(none);
  }

  /// Goes through the results: `PIXELS` stands at the first pixels of the windows, `SHIFT` where is
  /// noted whether there is anything to see.
  private void eachPlace(int pairs, int written, Runnable step) {
    to.start(PIXELS, pairs);
    to.start(Assembler.SHIFT, written);
    int line = to.repeat(LINES, shape.pooledHeight());
    int place = to.repeat(PLACES, shape.pooledWidth());
    step.run();
    to.add(PIXELS, VECTOR, true);
    to.add(Assembler.SHIFT, 4, true);
    to.again(PLACES, place);
    to.add(PIXELS, shape.pairRowBytes(), true);
    to.again(LINES, line);
  }

  private void nextBlock(int block) {
    to.add(Assembler.COLUMN, LANES, true);
    to.compare(Assembler.COLUMN, shape.filters());
    to.jump(Assembler.BELOW, block);
  }

  private interface SumMove {
    void accept(int sum, Address address);
  }

  /// The register of each sum, the bias's being the last, and its memory.
  private void eachSum(SumMove move) {
    for (int tap = 0; tap < shape.taps(); tap++) {
      move.accept(tap, element(KERNEL, Assembler.COLUMN, 2, tap * shape.filters()));
    }
    move.accept(shape.taps(), element(BIAS, Assembler.COLUMN, 2, 0));
  }

  /// For each row and each place of a window the first eight pixels, and the eight below them.
  private void pairs(int pairs) {
    to.start(PIXELS, padded);
    to.start(Assembler.SHIFT, pairs);
    int line = to.repeat(LINES, shape.pairRows());
    int place = to.repeat(PLACES, shape.pooledWidth());
    to.vector(VectorOp.LOAD, 0, 0, at(PIXELS, 0));
    to.vector(VectorOp.LOAD, 0, 0, at(PIXELS, rowBytes - VECTOR / 2), UPPER);
    to.vector(VectorOp.STORE, 0, 0, at(Assembler.SHIFT, 0));
    to.add(PIXELS, 8, true);
    to.add(Assembler.SHIFT, VECTOR, true);
    to.again(PLACES, place);
    to.add(PIXELS, rowBytes - 8 * shape.pooledWidth(), true);
    to.again(LINES, line);
  }

  /// Adds what one result and one vector of filters give to all sums.
  private void picked(int one) {
    int code = one + 1;
    int gradient = one + 2;
    int pixel = one + 3;
    int scale = shape.resultScale();
    to.prefetch(element(POOLED, Assembler.ELEMENT, scale, AHEAD * shape.filters()));
    to.vector(VectorOp.LOAD_SIGNED_BYTES, code, 0, element(WINNERS, Assembler.ELEMENT, 0, 0));
    to.vector(VectorOp.SIGNS_TO_MASK, OUTCOME, 0, code);
    VectorOp load = shape.narrow() ? VectorOp.LOAD_HALVES : VectorOp.LOAD;
    to.load(load, gradient, element(POOLED, Assembler.ELEMENT, scale, 0), OUTCOME);
    if (shape.narrow()) {
      shift(SHIFT_LEFT, gradient, gradient);
    }
    to.vector(VectorOp.ADD, shape.taps(), shape.taps(), gradient);
    to.loadInt(Assembler.WORK, at(Assembler.SHIFT, 0));
    to.test(Assembler.WORK);
    int blank = to.jumpAhead(Assembler.ZERO);
    for (int j = 0; j < shape.kernelWidth(); j++) {
      for (int i = 0; i < shape.kernelHeight(); i++) {
        Address pair = at(PIXELS, i * shape.pairRowBytes());
        to.vector(VectorOp.PICK, pixel, code, pair);
        to.addProduct(i * shape.kernelWidth() + j, pixel, gradient);
      }
      if (j + 1 < shape.kernelWidth()) {
        to.vector(VectorOp.INT_ADD, code, code, one);
      }
    }
    to.land(blank);
  }
}
