package io.kalamos.kernels;

import io.kalamos.engine.DType;

/// Where the inputs and outputs of a program lie: which addresses stay in registers, which are
/// fetched from the frame, and how an element of each is reached.
final class Placement {
  private final Tape tape;
  private final Assembler to;
  private final int[] inputKind;
  private final int[] outputKind;
  private final int[] inputPointer;
  private final int[] outputPointer;
  private final int[] gatherSlot;
  private int pointers;

  /// With one column, rows are elements and columns scalars.
  Placement(Tape tape, Frame frame, Assembler to) {
    this.tape = tape;
    this.to = to;
    inputKind = new int[tape.inputs.length];
    outputKind = new int[tape.outputs.length];
    boolean single = tape.columns == 1;
    for (int i = 0; i < inputKind.length; i++) {
      int kind = tape.inputs[i][0];
      boolean row = single && kind == KernelInput.ROW;
      boolean column = single && kind == KernelInput.COLUMN;
      inputKind[i] = row ? KernelInput.FULL : column ? KernelInput.SCALAR : kind;
    }
    for (int i = 0; i < outputKind.length; i++) {
      int kind = tape.outputs[i][0];
      outputKind[i] = single && kind == KernelOutput.ROW ? KernelOutput.FULL : kind;
    }
    inputPointer = new int[inputKind.length];
    outputPointer = new int[outputKind.length];
    gatherSlot = new int[inputKind.length];
    for (int i = 0; i < inputKind.length; i++) {
      inputPointer[i] = pointer(inputKind[i] == KernelInput.FULL);
      gatherSlot[i] = inputKind[i] == KernelInput.GATHERED ? frame.pointer() : -1;
    }
    for (int i = 0; i < outputKind.length; i++) {
      outputPointer[i] = pointer(outputKind[i] == KernelOutput.FULL);
    }
  }

  private int pointer(boolean often) {
    return often && pointers < Assembler.POINTERS.length ? Assembler.POINTERS[pointers++] : -1;
  }

  int inputKind(int input) {
    return inputKind[input];
  }

  int outputKind(int output) {
    return outputKind[output];
  }

  int inputSlot(int input) {
    return Frame.INPUTS + 8 * input;
  }

  int outputSlot(int output) {
    return Frame.INPUTS + 8 * (inputKind.length + output);
  }

  /// Saves the caller's registers and loads the addresses.
  void enter() {
    for (int i = Assembler.SCRATCHED; i < pointers; i++) {
      to.push(Assembler.POINTERS[i]);
    }
    for (int i = 0; i < inputKind.length; i++) {
      if (inputPointer[i] >= 0) {
        to.load(inputPointer[i], inputSlot(i));
      }
    }
    for (int i = 0; i < outputKind.length; i++) {
      if (outputPointer[i] >= 0) {
        to.load(outputPointer[i], outputSlot(i));
      }
    }
  }

  void leave() {
    to.zeroUpper();
    for (int i = pointers - 1; i >= Assembler.SCRATCHED; i--) {
      to.pop(Assembler.POINTERS[i]);
    }
    to.ret();
  }

  private static int scale(DType type) {
    return Integer.numberOfTrailingZeros(type.bytes());
  }

  private Address at(int pointer, int slot, int index, DType type, int elements) {
    return new Address(
        pointer < 0 ? Assembler.WORK : pointer,
        index,
        scale(type),
        elements * type.bytes(),
        pointer < 0 ? slot : -1,
        false);
  }

  private Address single(int slot, int index, DType type) {
    return new Address(Assembler.WORK, index, scale(type), 0, slot, type.bytes() == 4);
  }

  /// Vector `j` of an input at the loops' position, or its single element.
  Address input(int input, int j) {
    DType type = tape.inputType(input);
    int slot = inputSlot(input);
    return switch (inputKind[input]) {
      case KernelInput.FULL -> at(inputPointer[input], slot, Assembler.ELEMENT, type, 16 * j);
      case KernelInput.GATHERED -> at(-1, gatherSlot[input], Assembler.COLUMN, type, 16 * j);
      case KernelInput.COLUMN -> at(-1, slot, Assembler.COLUMN, type, 0);
      case KernelInput.ROW -> single(slot, Assembler.ROW, type);
      case KernelInput.SCALAR -> single(slot, -1, type);
      default -> throw new AssertionError(input); // of int words, not of a sealed type
    };
  }

  /// An element of an output, `index` and `elements` behind its start.
  Address output(int output, int index, int elements) {
    return at(outputPointer[output], outputSlot(output), index, tape.outputType(output), elements);
  }

  /// Finds the rows that gathered inputs read in this row.
  void gather() {
    for (int i = 0; i < inputKind.length; i++) {
      if (gatherSlot[i] >= 0) {
        to.load(Assembler.WORK, inputSlot(tape.inputs[i][2]));
        to.loadInt(Assembler.WORK, new Address(Assembler.WORK, Assembler.ROW, 2, 0, -1, false));
        to.multiply(Assembler.WORK, Assembler.WORK, tape.columns * tape.inputType(i).bytes());
        to.addFrame(Assembler.WORK, inputSlot(i));
        to.save(gatherSlot[i], Assembler.WORK);
      }
    }
  }
}
