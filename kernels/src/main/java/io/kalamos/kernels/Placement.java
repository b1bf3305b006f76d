package io.kalamos.kernels;

import io.kalamos.engine.DType;

/// Where the inputs and outputs of a program lie: which addresses stay in registers, which are
/// fetched from the frame, and how an element of each is reached.
final class Placement {
  private static final int LINE = 64;

  /// How many bytes of a gathered array are on their way from memory: enough to hide its latency,
  /// little enough for the processor's list of misses and its first cache.
  private static final int AHEAD = 4096;

  private static final int MOST_ROWS_AHEAD = 32;

  private final Tape tape;
  private final Assembler to;
  private final int[] inputKind;
  private final int[] outputKind;
  private final int[] inputPointer;
  private final int[] outputPointer;
  private final int[] gatherSlot;

  /// Addresses of the rows that gathered inputs will read some rows later; -1 for rows so narrow
  /// that the processor itself looks far enough ahead.
  private final int[] aheadSlot;

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
    aheadSlot = new int[inputKind.length];
    for (int i = 0; i < inputKind.length; i++) {
      inputPointer[i] = pointer(inputKind[i] == KernelInput.FULL);
      gatherSlot[i] = isByRow(i) ? frame.pointer() : -1;
      boolean ahead = inputKind[i] == KernelInput.GATHERED && rowBytes(i) >= LINE;
      aheadSlot[i] = ahead ? frame.pointer() : -1;
    }
    for (int i = 0; i < outputKind.length; i++) {
      outputPointer[i] = pointer(outputKind[i] == KernelOutput.FULL);
    }
  }

  private int pointer(boolean often) {
    return often && pointers < Assembler.POINTERS.length ? Assembler.POINTERS[pointers++] : -1;
  }

  /// Whether each row of an input has an address of its own.
  boolean isByRow(int input) {
    return inputKind[input] == KernelInput.GATHERED || inputKind[input] == KernelInput.STRIDED;
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
      case KernelInput.GATHERED, KernelInput.STRIDED ->
          at(-1, gatherSlot[input], Assembler.COLUMN, type, 16 * j);
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

  /// Finds the rows that gathered and strided inputs read in this row, and in one further on.
  void gather() {
    for (int i = 0; i < inputKind.length; i++) {
      if (inputKind[i] == KernelInput.STRIDED) {
        int bytes = tape.inputs[i][2] * tape.inputType(i).bytes();
        to.multiply(Assembler.WORK, Assembler.ROW, bytes);
        to.addFrame(Assembler.WORK, inputSlot(i));
        to.save(gatherSlot[i], Assembler.WORK);
      } else if (gatherSlot[i] >= 0) {
        findRow(i, Assembler.ROW, gatherSlot[i]);
      }
      if (aheadSlot[i] >= 0) {
        int ahead = Math.clamp(AHEAD / rowBytes(i), 1, MOST_ROWS_AHEAD);
        to.move(Assembler.SHIFT, Assembler.ROW);
        to.compare(Assembler.COUNT, ahead + 1);
        int end = to.jumpAhead(Assembler.BELOW); // the index array ends before
        to.add(Assembler.SHIFT, ahead, true);
        to.land(end);
        findRow(i, Assembler.SHIFT, aheadSlot[i]);
      }
    }
  }

  /// Saves the address of the row that the index array names at `position`.
  private void findRow(int input, int position, int slot) {
    to.load(Assembler.WORK, inputSlot(tape.inputs[input][2]));
    to.loadInt(Assembler.WORK, new Address(Assembler.WORK, position, 2, 0, -1, false));
    to.multiply(Assembler.WORK, Assembler.WORK, rowBytes(input));
    to.addFrame(Assembler.WORK, inputSlot(input));
    to.save(slot, Assembler.WORK);
  }

  private int rowBytes(int input) {
    return tape.columns * tape.inputType(input).bytes();
  }

  /// Asks for the lines that these vectors at COLUMN will need in the row further on.
  void prefetch(int vectors) {
    for (int i = 0; i < inputKind.length; i++) {
      if (aheadSlot[i] >= 0) {
        DType type = tape.inputType(i);
        int bytes = 16 * vectors * type.bytes();
        for (int line = 0; line < bytes; line += LINE) {
          to.prefetch(
              new Address(
                  Assembler.WORK, Assembler.COLUMN, scale(type), line, aheadSlot[i], false));
        }
      }
    }
  }
}
