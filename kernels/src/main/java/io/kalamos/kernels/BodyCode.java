package io.kalamos.kernels;

import io.kalamos.engine.Binary;
import io.kalamos.engine.DType;
import io.kalamos.engine.Unary;

/// Lowers the instructions of a program to vector code: which values are computed once per kernel,
/// once per column or once per row, and what remains for each vector.
final class BodyCode {
  private static final float LEAST_EPSILON = 1e-30f;

  final Tape tape;
  final Frame frame;
  final Assembler to;
  final int columns;

  /// As in [Tape], except that with one column rows are treated as elements.
  final int[] level;

  /// Whether the value must be computed: comparisons that only steer selections need not.
  final boolean[] needed;

  final Placement memory;

  /// Per value: its word if it is a scalar, its vectors if it depends on the column alone.
  private final int[] place;

  private final VectorRandom[] random;
  private final int[] sequences = new int[16];

  // The region that is being built
  private VectorCode code;
  private int[][] values;
  private int mask;
  private int elementBase;

  BodyCode(Tape tape) {
    this.tape = tape;
    columns = tape.columns;
    frame = new Frame(tape.inputs.length + tape.outputs.length);
    to = new Assembler();
    int count = tape.body.length;
    level = tape.level.clone();
    memory = new Placement(tape, frame, to);
    for (int i = 0; columns == 1 && i < count; i++) {
      level[i] = (sourceLevel(i) & Tape.BY_ROW) != 0 ? Tape.FULL : 0;
    }
    needed = new boolean[count];
    for (int[] output : tape.outputs) {
      needed[output[2]] = true;
    }
    for (int i = count - 1; i >= 0; i--) {
      if (needed[i]) {
        need(i);
      }
    }
    place = new int[count];
    random = new VectorRandom[count];
  }

  /// With one column, a row reduction is its operand.
  private int sourceLevel(int value) {
    return tape.isReduction(value) ? level[tape.body[value][1]] : tape.level[value];
  }

  private void need(int value) {
    int[] words = tape.body[value];
    if (words[0] == Instruction.SELECT && steers(words[1], value)) {
      int[] comparison = tape.body[words[1]];
      needed[comparison[2]] = true;
      needed[comparison[3]] = true;
      needed[words[2]] = true;
      needed[words[3]] = true;
      return;
    }
    for (int k = 0; k < Tape.operands(words); k++) {
      needed[Tape.operand(words, k)] = true;
    }
  }

  /// Whether a comparison can set the mask of a selection without becoming a value.
  private boolean steers(int condition, int selection) {
    int[] words = tape.body[condition];
    return words[0] == Instruction.BINARY
        && VectorFunctions.relation(Tape.BINARY[words[1]]) >= 0
        && level[condition] == level[selection]
        && level[condition] != 0;
  }

  boolean isRow(int value) {
    return level[value] == Tape.BY_ROW;
  }

  boolean isReduction(int value) {
    return columns > 1 && tape.isReduction(value);
  }

  /// Computes all values that depend on nothing but scalars, and the keys of random numbers.
  void scalars() {
    begin(0, 1, 0);
    for (int i = 0; i < needed.length; i++) {
      int[] words = tape.body[i];
      if (needed[i] && words[0] == Instruction.CONSTANT) {
        place[i] = frame.constant(words[1]);
      } else if (needed[i] && level[i] == 0) {
        values[0][i] = evaluate(i, 0);
        place[i] = frame.word();
        code.store(VectorOp.STORE_LANE, values[0][i], code.memory(Address.frame(place[i])), 0);
      }
    }
    code.assemble(to);
    for (int i = 0; i < needed.length; i++) {
      if (needed[i] && tape.body[i][0] == Instruction.UNIFORM) {
        int[] words = tape.body[i];
        int seed = memory.inputSlot(words[1]);
        random[i] = new VectorRandom(frame, to, seed, memory.inputSlot(words[2]), words[3]);
      }
    }
  }

  boolean hasColumnValues() {
    for (int i = 0; i < needed.length; i++) {
      if (needed[i] && level[i] == Tape.BY_COLUMN) {
        return true;
      }
    }
    return false;
  }

  /// Reserves memory for the values per column, `floats` elements each.
  void placeColumnValues(int floats) {
    for (int i = 0; i < needed.length; i++) {
      if (needed[i] && level[i] == Tape.BY_COLUMN) {
        place[i] = frame.vectors(floats + 16);
      }
    }
  }

  /// Computes 16 values per column at COLUMN and stores them `copies` times, a row apart.
  void columnValues(int copies, boolean tail) {
    begin(0, 1, tail ? VectorCode.TAIL : 0);
    for (int i = 0; i < needed.length; i++) {
      if (needed[i] && level[i] == Tape.BY_COLUMN) {
        int value = evaluate(i, 0);
        values[0][i] = value;
        for (int copy = 0; copy < copies; copy++) {
          int at = place[i] + 4 * columns * copy;
          Address address = new Address(Assembler.FRAME, Assembler.COLUMN, 2, at, -1, false);
          code.store(VectorOp.STORE, value, code.memory(address), mask);
        }
      }
    }
    code.assemble(to);
  }

  // One row, some vectors

  /// Emits everything for `vectors` vectors at ELEMENT, the last one masked if `tail`; sums go to
  /// the first real registers, `vectors` for each.
  void body(int vectors, boolean tail, int sums, boolean rowOutputs) {
    begin(vectors * sums, Math.max(1, vectors), 0);
    int phases = 0;
    for (int i = 0; i < needed.length; i++) {
      phases = needed[i] ? Math.max(phases, tape.phase[i]) : phases;
    }
    for (int phase = 0; phase <= (columns == 1 ? 0 : phases); phase++) {
      for (int i = 0; i < needed.length; i++) {
        if (needed[i] && isRow(i) && !isReduction(i) && tape.phase[i] == phase) {
          values[0][i] = evaluate(i, 0);
        }
      }
      for (int j = 0; j < vectors; j++) {
        mask = tail && j == vectors - 1 ? VectorCode.TAIL : 0;
        vector(phase, j, vectors);
      }
      for (int i = 0; i < needed.length; i++) {
        if (needed[i] && isReduction(i) && tape.phase[i] == phase + 1) {
          values[0][i] = reduce(i, vectors, tail);
        }
      }
    }
    for (int o = 0; rowOutputs && o < tape.outputs.length; o++) {
      if (memory.outputKind(o) == KernelOutput.ROW) {
        storeRow(o);
      }
    }
    code.assemble(to);
  }

  private void vector(int phase, int j, int vectors) {
    for (int i = 0; i < needed.length; i++) {
      if (needed[i] && level[i] == Tape.FULL && phaseOf(i) == phase) {
        values[j][i] = evaluate(i, j);
      }
    }
    int sum = 0;
    for (int o = 0; o < tape.outputs.length; o++) {
      int value = tape.outputs[o][2];
      boolean now = phaseOf(value) == phase;
      if (now && memory.outputKind(o) == KernelOutput.FULL) {
        storeFull(o, j);
      }
      if (memory.outputKind(o) == KernelOutput.COLUMN_SUM) {
        if (now) {
          code.accumulate(VectorOp.ADD, sum * vectors + j, operand(value, j), 0);
        }
        sum++;
      }
    }
  }

  private int phaseOf(int value) {
    return columns == 1 ? 0 : tape.phase[value];
  }

  private void begin(int pinned, int vectors, int mask) {
    code = new VectorCode(frame, pinned);
    values = new int[vectors][needed.length];
    this.mask = mask;
    elementBase = -1;
  }

  /// The operand for a value in vector `j` of the current region.
  private int operand(int value, int j) {
    if (tape.body[value][0] == Instruction.CONSTANT) {
      return code.memory(Address.repeated(frame.constant(tape.body[value][1])));
    }
    if (level[value] == 0) {
      return place[value] == 0 ? values[0][value] : code.memory(Address.repeated(place[value]));
    }
    if (level[value] == Tape.BY_COLUMN) {
      int at = place[value] + 64 * j;
      return code.memory(new Address(Assembler.FRAME, Assembler.COLUMN, 2, at, -1, false));
    }
    return values[level[value] == Tape.FULL ? j : 0][value];
  }

  private int evaluate(int value, int j) {
    int[] words = tape.body[value];
    return switch (words[0]) {
      case Instruction.LOAD -> load(words[1], j);
      case Instruction.UNARY ->
          VectorFunctions.unary(code, Tape.UNARY[words[1]], operand(words[2], j));
      case Instruction.BINARY -> binary(words, j);
      case Instruction.SELECT -> select(value, words, j);
      case Instruction.UNIFORM -> uniform(value, j);
      case Instruction.ROW_SUM, Instruction.ROW_MAX -> operand(words[1], j); // one column
      case Instruction.COLUMN_INDEX -> columnIndex();
      default -> throw new AssertionError(words[0]); // of int words, not of a sealed type
    };
  }

  private int uniform(int value, int j) {
    if (elementBase < 0) {
      elementBase = code.general(Assembler.ELEMENT, Frame.FIRST_ELEMENT);
    }
    int lanes = code.memory(Address.frame(sequence(j)));
    return random[value].uniform(code, code.apply(VectorOp.INT_ADD, elementBase, lanes));
  }

  private int columnIndex() {
    if (columns == 1) {
      return code.copy(code.constant(0));
    }
    int first = code.general(Assembler.COLUMN, -1);
    return code.apply(
        VectorOp.FROM_INT,
        code.apply(VectorOp.INT_ADD, first, code.memory(Address.frame(sequence(0)))));
  }

  private int sequence(int vector) {
    if (sequences[vector] == 0) {
      sequences[vector] = frame.sequence(16 * vector);
    }
    return sequences[vector];
  }

  private int binary(int[] words, int j) {
    Binary function = Tape.BINARY[words[1]];
    int a = operand(words[2], j);
    float exponent = constantExponent(words);
    if (function == Binary.POWER && VectorPower.isProduct(exponent)) {
      return VectorPower.product(code, a, exponent);
    }
    int b = operand(words[3], j);
    return function == Binary.DIVIDE && isRootAndMore(words[3])
        ? VectorFunctions.quotient(code, a, b)
        : VectorFunctions.binary(code, function, a, b);
  }

  /// The second operand if it is a constant, else NaN.
  private float constantExponent(int[] words) {
    return constant(words[3]);
  }

  private float constant(int value) {
    int[] words = tape.body[value];
    return words[0] == Instruction.CONSTANT ? Float.intBitsToFloat(words[1]) : Float.NaN;
  }

  /// Whether a value is `sqrt(v) + epsilon`, by which optimizers divide.
  private boolean isRootAndMore(int value) {
    int[] words = tape.body[value];
    return words[0] == Instruction.BINARY
        && Tape.BINARY[words[1]] == Binary.ADD
        && (isRoot(words[2]) && constant(words[3]) >= LEAST_EPSILON
            || isRoot(words[3]) && constant(words[2]) >= LEAST_EPSILON);
  }

  private boolean isRoot(int value) {
    int[] words = tape.body[value];
    return words[0] == Instruction.UNARY && Tape.UNARY[words[1]] == Unary.SQRT;
  }

  private int select(int value, int[] words, int j) {
    int[] comparison = tape.body[words[1]];
    int a = code.register(operand(words[2], j));
    int b = code.register(operand(words[3], j));
    if (steers(words[1], value)) {
      int relation = VectorFunctions.relation(Tape.BINARY[comparison[1]]);
      code.compare(operand(comparison[2], j), operand(comparison[3], j), relation);
    } else {
      code.compare(operand(words[1], j), code.constant(0), VectorFunctions.NOT_EQUAL);
    }
    return code.blend(b, a);
  }

  // Memory

  private int load(int input, int j) {
    int kind = memory.inputKind(input);
    boolean one = kind == KernelInput.ROW || kind == KernelInput.SCALAR;
    DType type = tape.inputType(input);
    Address address = memory.input(input, j);
    return one ? loadOne(type, address) : loadVector(type, address);
  }

  private int loadVector(DType type, Address address) {
    int from = code.memory(address);
    return switch (type) {
      case FLOAT32 -> code.load(VectorOp.LOAD, from, mask);
      case INT32 -> code.load(VectorOp.FROM_INT, from, mask);
      case UINT8 -> code.apply(VectorOp.FROM_INT, code.load(VectorOp.LOAD_BYTES, from, mask));
      case BFLOAT16 -> code.shiftLeft(code.load(VectorOp.LOAD_HALVES, from, mask), 16);
      case FLOAT64 -> throw new AssertionError(type);
    };
  }

  private int loadOne(DType type, Address address) {
    int from = code.memory(address);
    return switch (type) {
      case FLOAT32 -> code.copy(from);
      case INT32 -> code.apply(VectorOp.FROM_INT, from);
      case UINT8 -> code.apply(VectorOp.FROM_INT, code.small(from, 1, 0));
      case BFLOAT16 -> code.small(from, 2, 16);
      case FLOAT64 -> throw new AssertionError(type);
    };
  }

  private void storeFull(int output, int j) {
    int value = operand(tape.outputs[output][2], j);
    int target = code.memory(memory.output(output, Assembler.ELEMENT, 16 * j));
    if (tape.outputType(output) == DType.FLOAT32) {
      code.store(VectorOp.STORE, value, target, mask);
    } else {
      code.store(VectorOp.STORE_HALVES, VectorFunctions.toBfloat16(code, value), target, mask);
    }
  }

  private void storeRow(int output) {
    int value = operand(tape.outputs[output][2], 0);
    int target = code.memory(memory.output(output, Assembler.ROW, 0));
    if (tape.outputType(output) == DType.FLOAT32) {
      code.store(VectorOp.STORE_LANE, value, target, 0);
    } else {
      code.storeHalf(VectorFunctions.toBfloat16(code, value), target);
    }
  }

  // Reductions along the row

  private int reduce(int value, int vectors, boolean tail) {
    int argument = tape.body[value][1];
    boolean max = tape.body[value][0] == Instruction.ROW_MAX;
    VectorOp op = max ? VectorOp.MAXIMUM : VectorOp.ADD;
    int all = code.copy(code.constant(max ? Float.NEGATIVE_INFINITY : 0));
    for (int j = 0; j < vectors; j++) {
      int lanes = tail && j == vectors - 1 ? VectorCode.TAIL : 0;
      if (j == 0 && lanes == 0) {
        all = code.register(operand(argument, 0));
        if (vectors > 1) {
          all = code.copy(all);
        }
      } else {
        code.accumulate(op, all, operand(argument, j), lanes);
      }
    }
    all = code.apply(op, all, code.apply(VectorOp.SHUFFLE_QUARTERS, all, all, 0x4E));
    all = code.apply(op, all, code.apply(VectorOp.SHUFFLE_QUARTERS, all, all, 0xB1));
    all = code.apply(op, all, code.immediate(VectorOp.PERMUTE, all, 0x4E));
    return code.apply(op, all, code.immediate(VectorOp.PERMUTE, all, 0xB1));
  }
}
