package io.kalamos.kernels;

import io.kalamos.engine.Binary;
import io.kalamos.engine.DType;
import io.kalamos.engine.Unary;
import java.util.Arrays;

/// A program as flat integers, with what follows from it: on which of row and column each value
/// depends, after how many row reductions it is known, and how often it is used.
///
/// Compilers and the cache read this form because pattern switches and record equality are linked
/// through bootstrap methods, which costs tens of milliseconds at the first use of a process.
final class Tape {
  static final int BY_COLUMN = 1;
  static final int BY_ROW = 2;
  static final int FULL = BY_COLUMN | BY_ROW;
  static final Unary[] UNARY = Unary.values();
  static final Binary[] BINARY = Binary.values();
  static final DType[] TYPES = DType.values();

  final int columns;
  final int[][] inputs;
  final int[][] body;
  final int[][] outputs;

  /// Per value: bits [#BY_COLUMN] and [#BY_ROW].
  final int[] level;

  /// Per value: the number of row reductions that lie before it.
  final int[] phase;

  /// Per value: uses by live instructions and outputs; 0 means dead.
  final int[] uses;

  Tape(KernelProgram program) {
    columns = program.columns();
    inputs = new int[program.inputs().size()][];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = program.inputs().get(i).words();
    }
    body = new int[program.body().size()][];
    for (int i = 0; i < body.length; i++) {
      body[i] = program.body().get(i).words();
    }
    outputs = new int[program.outputs().size()][];
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = program.outputs().get(i).words();
    }
    level = new int[body.length];
    phase = new int[body.length];
    uses = new int[body.length];
    for (int i = 0; i < body.length; i++) {
      analyse(i);
    }
    for (int[] output : outputs) {
      uses[output[2]]++;
    }
    for (int i = body.length - 1; i >= 0; i--) {
      for (int k = 0; uses[i] > 0 && k < operands(body[i]); k++) {
        uses[operand(body[i], k)]++;
      }
    }
  }

  /// How many operands an instruction has.
  static int operands(int[] words) {
    return switch (words[0]) {
      case Instruction.UNARY, Instruction.ROW_SUM, Instruction.ROW_MAX -> 1;
      case Instruction.BINARY -> 2;
      case Instruction.SELECT -> 3;
      default -> 0; // of int words, not of a sealed type
    };
  }

  /// The position of operand `k`.
  static int operand(int[] words, int k) {
    boolean named = words[0] == Instruction.UNARY || words[0] == Instruction.BINARY;
    return words[named ? k + 2 : k + 1];
  }

  boolean isReduction(int value) {
    return body[value][0] == Instruction.ROW_SUM || body[value][0] == Instruction.ROW_MAX;
  }

  DType inputType(int input) {
    return TYPES[inputs[input][1]];
  }

  DType outputType(int output) {
    return TYPES[outputs[output][1]];
  }

  private void analyse(int value) {
    int[] words = body[value];
    for (int k = 0; k < operands(words); k++) {
      level[value] |= level[operand(words, k)];
      phase[value] = Math.max(phase[value], phase[operand(words, k)]);
    }
    if (isReduction(value)) {
      level[value] = BY_ROW;
      phase[value]++;
    } else if (words[0] == Instruction.UNIFORM) {
      level[value] = FULL;
    } else if (words[0] == Instruction.COLUMN_INDEX) {
      level[value] = BY_COLUMN;
    } else if (words[0] == Instruction.LOAD) {
      int kind = inputs[words[1]][0];
      level[value] =
          kind == KernelInput.SCALAR
              ? 0
              : kind == KernelInput.COLUMN ? BY_COLUMN : kind == KernelInput.ROW ? BY_ROW : FULL;
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tape tape
        && columns == tape.columns
        && Arrays.deepEquals(inputs, tape.inputs)
        && Arrays.deepEquals(body, tape.body)
        && Arrays.deepEquals(outputs, tape.outputs);
  }

  @Override
  public int hashCode() {
    return columns
        + 31 * Arrays.deepHashCode(inputs)
        + 37 * Arrays.deepHashCode(body)
        + 41 * Arrays.deepHashCode(outputs);
  }
}
