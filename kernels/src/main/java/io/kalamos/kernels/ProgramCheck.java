package io.kalamos.kernels;

import io.kalamos.engine.DType;
import java.util.List;

/// Checks every reference of a program. Messages are put together only for an error: the check runs
/// at every start of a process.
final class ProgramCheck {
  private final int columns;
  private final int[][] inputs;
  private final int[][] body;
  private final int[][] outputs;

  /// Whether the value may differ along a row.
  private final boolean[] byColumn;

  ProgramCheck(
      int columns, List<KernelInput> inputs, List<Instruction> body, List<KernelOutput> outputs) {
    this.columns = columns;
    this.inputs = new int[inputs.size()][];
    for (int i = 0; i < this.inputs.length; i++) {
      this.inputs[i] = inputs.get(i).words();
    }
    this.body = new int[body.size()][];
    for (int i = 0; i < this.body.length; i++) {
      this.body[i] = body.get(i).words();
    }
    this.outputs = new int[outputs.size()][];
    for (int i = 0; i < this.outputs.length; i++) {
      this.outputs[i] = outputs.get(i).words();
    }
    byColumn = new boolean[this.body.length];
  }

  void run() {
    if (columns < 1) {
      throw error("columns", -1, "at least 1", "columns", columns, "give the row length");
    }
    if (outputs.length == 0) {
      throw error("outputs", -1, "at least 1 output", "outputs.length", 0, "store a value");
    }
    for (int i = 0; i < inputs.length; i++) {
      if (inputs[i][1] == DType.FLOAT64.ordinal()) {
        String types = "type float32, bfloat16, uint8 or int32";
        throw error("inputs", i, types, "type", DType.FLOAT64, "cast the array");
      }
      if (inputs[i][0] == KernelInput.GATHERED) {
        input("inputs", i, "index", inputs[i][2], KernelInput.ROW);
      }
      if (inputs[i][0] == KernelInput.STRIDED && inputs[i][2] < columns) {
        String least = "at least columns=" + columns;
        throw error("inputs", i, least, "stride", inputs[i][2], "give the length of whole rows");
      }
    }
    for (int i = 0; i < body.length; i++) {
      instruction(i, body[i]);
    }
    for (int i = 0; i < outputs.length; i++) {
      output(i, outputs[i]);
    }
  }

  private void instruction(int i, int[] words) {
    for (int k = 0; k < Tape.operands(words); k++) {
      value("body", i, Tape.operand(words, k), i);
      byColumn[i] |= byColumn[Tape.operand(words, k)];
    }
    if (words[0] == Instruction.LOAD) {
      input("body", i, "input", words[1], -1);
      int kind = inputs[words[1]][0];
      if (kind == KernelInput.SEED) {
        String expected = "an input that holds elements";
        throw error("body", i, expected, "input", words[1], "read seeds with Uniform");
      }
      byColumn[i] = kind != KernelInput.ROW && kind != KernelInput.SCALAR;
    } else if (words[0] == Instruction.UNIFORM) {
      input("body", i, "seed", words[1], KernelInput.SEED);
      input("body", i, "step", words[2], KernelInput.SCALAR);
      byColumn[i] = true;
    } else if (words[0] == Instruction.COLUMN_INDEX) {
      byColumn[i] = true;
    } else if (words[0] == Instruction.ROW_SUM || words[0] == Instruction.ROW_MAX) {
      byColumn[i] = false;
    }
  }

  private void output(int i, int[] words) {
    value("outputs", i, words[2], body.length);
    if (words[1] != DType.FLOAT32.ordinal() && words[1] != DType.BFLOAT16.ordinal()) {
      String types = "type float32 or bfloat16";
      throw error("outputs", i, types, "type", Tape.TYPES[words[1]], "store a float type");
    }
    if (words[0] == KernelOutput.ROW && byColumn[words[2]]) {
      String expected = "a value that does not depend on the column";
      String remedy = "store the result of a rowSum or rowMax";
      throw error("outputs", i, expected, "value", words[2], remedy);
    }
  }

  private static void value(String list, int i, int operand, int limit) {
    if (operand < 0 || operand >= limit) {
      String expected = "operands among the " + limit + " earlier instructions";
      String remedy = "use the positions that the builder returns";
      throw error(list, i, expected, "operand", operand, remedy);
    }
  }

  /// An input of the given kind (rows and scalars: of int32), -1 for any.
  private void input(String list, int i, String component, int input, int kind) {
    boolean exists = input >= 0 && input < inputs.length;
    if (exists
        && (kind < 0 || inputs[input][0] == kind && inputs[input][1] == DType.INT32.ordinal())) {
      return;
    }
    String wanted = "an input";
    if (kind == KernelInput.ROW) {
      wanted = "a Row(INT32) input";
    } else if (kind == KernelInput.SCALAR) {
      wanted = "a Scalar(INT32) input";
    } else if (kind == KernelInput.SEED) {
      wanted = "a Seed input";
    }
    String expected = component + " to be " + wanted + " of the " + inputs.length + " declared";
    throw error(list, i, expected, component, input, "declare it with the builder's input(...)");
  }

  private static IllegalArgumentException error(
      String list, int i, String expected, String name, Object received, String remedy) {
    String where = i < 0 ? list : list + "[" + i + "]";
    return new IllegalArgumentException(
        "Kernel program, "
            + where
            + ": expected "
            + expected
            + ", received "
            + name
            + "="
            + received
            + "; "
            + remedy
            + ".");
  }
}
