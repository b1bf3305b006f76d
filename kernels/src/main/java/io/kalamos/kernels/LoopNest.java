package io.kalamos.kernels;

/// Puts the loops around the vector code of a program and yields its machine code.
///
/// Four shapes. *Flat*: nothing depends on row or column, so all elements form one line. *Period*:
/// columns matter but rows do not; several rows are joined to a line of whole vectors, so that 12
/// or 24 columns waste no lanes. *Blocks*: up to eight vectors of a row at a time over all rows,
/// with the column sums in registers. *Rows*: wide rows without sums, one after another. Row
/// reductions need the whole row in one block.
final class LoopNest {
  private static final int WIDEST_REDUCTION = 16;
  private static final int BLOCK = 8;
  private static final int SUM_REGISTERS = 16;

  private final BodyCode code;
  private final Assembler to;
  private final int columns;
  private final int rowVectors;
  private final boolean rowTail;
  private final int sums;

  private LoopNest(BodyCode code) {
    this.code = code;
    to = code.to;
    columns = code.columns;
    rowVectors = (columns + 15) / 16;
    rowTail = columns % 16 != 0;
    int count = 0;
    for (int i = 0; i < code.tape.outputs.length; i++) {
      count += code.memory.outputKind(i) == KernelOutput.COLUMN_SUM ? 1 : 0;
    }
    sums = count;
  }

  /// Why the program cannot be compiled, null if it can.
  static String obstacle(Tape tape) {
    int vectors = (tape.columns + 15) / 16;
    boolean reduces = false;
    for (int i = 0; i < tape.body.length; i++) {
      int[] words = tape.body[i];
      if (tape.uses[i] == 0) {
        continue;
      }
      if (words[0] == Instruction.UNARY && !VectorFunctions.knows(Tape.UNARY[words[1]])) {
        return "no machine code for the function " + Tape.UNARY[words[1]];
      }
      reduces |= tape.isReduction(i);
    }
    int sums = 0;
    for (int[] output : tape.outputs) {
      sums += output[0] == KernelOutput.COLUMN_SUM ? 1 : 0;
    }
    if (reduces && vectors > WIDEST_REDUCTION) {
      return "rows to be reduced are longer than " + 16 * WIDEST_REDUCTION;
    }
    if (sums * (reduces ? vectors : 1) > SUM_REGISTERS) {
      return "too many column sums for the registers";
    }
    return null;
  }

  /// The machine code; the frame of `code` is complete afterwards.
  static byte[] compile(BodyCode code) {
    LoopNest nest = new LoopNest(code);
    code.memory.enter();
    code.scalars();
    nest.loops();
    code.memory.leave();
    return code.to.toBytes();
  }

  private void loops() {
    boolean byRow = false;
    boolean byColumn = code.hasColumnValues() || sums > 0;
    boolean reduces = false;
    boolean strided = false;
    for (int i = 0; i < code.needed.length; i++) {
      byRow |= code.needed[i] && code.isRow(i);
      reduces |= code.needed[i] && code.isReduction(i);
    }
    for (int i = 0; i < code.tape.inputs.length; i++) {
      byRow |= code.memory.isByRow(i);
      strided |= code.memory.inputKind(i) == KernelInput.STRIDED;
    }
    for (int i = 0; i < code.tape.outputs.length; i++) {
      byRow |= code.memory.outputKind(i) == KernelOutput.ROW;
    }
    int period = columns / Math.min(16, Integer.lowestOneBit(columns));
    int unroll = code.needed.length <= 16 ? 4 : 2;
    if (!byRow && !byColumn) {
      flat(unroll);
    } else if (!byRow && period <= BLOCK && period * sums <= SUM_REGISTERS) {
      int most = sums > 0 ? Math.min(BLOCK, SUM_REGISTERS / sums) : 4;
      period(period * Math.max(1, most / period));
    } else if (strided && sums == 0 && !reduces && columns >= 16 * unroll) {
      columnTable(columns, 1);
      rows(unroll);
    } else if (sums > 0 || reduces || rowVectors <= BLOCK) {
      columnTable(columns, 1);
      blocks(reduces ? rowVectors : sums > 2 ? SUM_REGISTERS / sums : BLOCK);
    } else {
      columnTable(columns, 1);
      rows(4);
    }
  }

  // Loops

  private int top;
  private int exit;

  /// Starts a loop that runs COUNT times.
  private void repeat() {
    to.test(Assembler.COUNT);
    exit = to.jumpAhead(Assembler.ZERO);
    top = to.size();
  }

  private void again() {
    to.add(Assembler.COUNT, -1, true);
    to.jump(Assembler.NOT_ZERO, top);
    to.land(exit);
  }

  private void tailMask() {
    if (rowTail) {
      to.set(Assembler.WORK, (1 << columns % 16) - 1);
      to.setMask(VectorCode.TAIL, Assembler.WORK);
    }
  }

  /// Computes the values per column; several copies make them periodic.
  private void columnTable(int floats, int copies) {
    tailMask();
    to.clear(Assembler.COLUMN);
    if (!code.hasColumnValues()) {
      return;
    }
    code.placeColumnValues(Math.max(floats, 16 * rowVectors));
    int whole = columns / 16 * 16;
    if (whole > 0) {
      int start = to.size();
      code.columnValues(copies, false);
      to.add(Assembler.COLUMN, 16, true);
      to.compare(Assembler.COLUMN, whole);
      to.jump(Assembler.BELOW, start);
    }
    if (rowTail) {
      code.columnValues(copies, true);
    }
    to.clear(Assembler.COLUMN);
  }

  private void flat(int unroll) {
    int rest = code.frame.pointer();
    to.clear(Assembler.ELEMENT);
    to.load(Assembler.WORK, Frame.ROWS);
    to.multiply(Assembler.WORK, Assembler.WORK, columns);
    for (int vectors = unroll; vectors > 0; vectors = vectors > 1 ? 1 : 0) {
      to.divide(16 * vectors);
      to.save(rest, Assembler.COLUMN);
      to.move(Assembler.COUNT, Assembler.WORK);
      repeat();
      code.body(vectors, false, 0, false);
      to.add(Assembler.ELEMENT, 16 * vectors, true);
      again();
      to.load(Assembler.WORK, rest);
    }
    to.test(Assembler.WORK);
    int end = to.jumpAhead(Assembler.ZERO);
    to.move(Assembler.SHIFT, Assembler.WORK);
    to.set(Assembler.WORK, 1);
    to.shiftLeft(Assembler.WORK);
    to.add(Assembler.WORK, -1, false);
    to.setMask(VectorCode.TAIL, Assembler.WORK);
    code.body(1, true, 0, false);
    to.land(end);
  }

  private void period(int vectors) {
    int copies = 16 * vectors / columns;
    columnTable(16 * vectors, copies);
    int rest = code.frame.pointer();
    to.load(Assembler.WORK, Frame.ROWS);
    to.divide(copies);
    to.save(rest, Assembler.COLUMN);
    to.move(Assembler.COUNT, Assembler.WORK);
    to.clear(Assembler.COLUMN);
    to.clear(Assembler.ELEMENT);
    clearSums(vectors);
    repeat();
    code.body(vectors, false, sums, false);
    to.add(Assembler.ELEMENT, 16 * vectors, true);
    again();
    int[] partial = new int[sums];
    VectorCode store = new VectorCode(code.frame, sums * vectors);
    for (int s = 0; s < sums; s++) {
      partial[s] = code.frame.vectors(16 * vectors + 16);
      for (int j = 0; j < vectors; j++) {
        int target = store.memory(Address.frame(partial[s] + 64 * j));
        store.store(VectorOp.STORE, s * vectors + j, target, 0);
      }
    }
    store.assemble(to);
    to.load(Assembler.COUNT, rest);
    clearSums(rowVectors);
    repeat();
    code.body(rowVectors, rowTail, sums, false);
    to.add(Assembler.ELEMENT, columns, true);
    again();
    storeSums(rowVectors, rowTail, partial, copies);
  }

  private void clearSums(int vectors) {
    VectorCode clear = new VectorCode(code.frame, sums * vectors);
    for (int r = 0; r < sums * vectors; r++) {
      clear.accumulate(VectorOp.XOR, r, r, 0);
    }
    clear.assemble(to);
  }

  /// Adds the partial sums of joined rows, and what lies in memory, to the registers and stores
  /// them at COLUMN.
  private void storeSums(int vectors, boolean tail, int[] partial, int copies) {
    VectorCode sum = new VectorCode(code.frame, sums * vectors);
    int s = 0;
    for (int o = 0; o < code.tape.outputs.length; o++) {
      if (code.memory.outputKind(o) != KernelOutput.COLUMN_SUM) {
        continue;
      }
      for (int j = 0; j < vectors; j++) {
        int mask = tail && j == vectors - 1 ? VectorCode.TAIL : 0;
        int register = s * vectors + j;
        for (int copy = 0; copy < copies; copy++) {
          int at = partial[s] + 4 * columns * copy + 64 * j;
          sum.accumulate(VectorOp.ADD, register, sum.memory(Address.frame(at)), 0);
        }
        int target = sum.memory(code.memory.output(o, Assembler.COLUMN, 16 * j));
        if (code.tape.outputs[o][3] == 1) {
          sum.accumulate(VectorOp.ADD, register, sum.load(VectorOp.LOAD, target, mask), 0);
        }
        sum.store(VectorOp.STORE, register, target, mask);
      }
      s++;
    }
    sum.assemble(to);
  }

  private void blocks(int widest) {
    int whole = rowVectors <= widest ? 0 : columns / (16 * widest) * widest;
    boolean single = whole == 0;
    if (!single) {
      int start = to.size();
      block(widest, false, false);
      to.add(Assembler.COLUMN, 16 * widest, true);
      to.compare(Assembler.COLUMN, 16 * whole);
      to.jump(Assembler.BELOW, start);
    }
    if (rowVectors > whole) {
      block(rowVectors - whole, rowTail, single);
    }
    if (!single && hasRowOutputs()) {
      to.clear(Assembler.COLUMN);
      allRows(0, false, true);
    }
  }

  private void block(int vectors, boolean tail, boolean rowOutputs) {
    clearSums(vectors);
    allRows(vectors, tail, rowOutputs);
    storeSums(vectors, tail, null, 0);
  }

  private void allRows(int vectors, boolean tail, boolean rowOutputs) {
    to.move(Assembler.ELEMENT, Assembler.COLUMN);
    to.clear(Assembler.ROW);
    to.load(Assembler.COUNT, Frame.ROWS);
    repeat();
    code.memory.gather();
    code.memory.prefetch(vectors);
    code.body(vectors, tail, vectors > 0 ? sums : 0, rowOutputs);
    to.add(Assembler.ELEMENT, columns, true);
    to.add(Assembler.ROW, 1, true);
    again();
  }

  private boolean hasRowOutputs() {
    for (int i = 0; i < code.tape.outputs.length; i++) {
      if (code.memory.outputKind(i) == KernelOutput.ROW) {
        return true;
      }
    }
    return false;
  }

  private void rows(int unroll) {
    int whole = columns / (16 * unroll) * unroll;
    to.clear(Assembler.ELEMENT);
    to.clear(Assembler.ROW);
    to.load(Assembler.COUNT, Frame.ROWS);
    repeat();
    code.memory.gather();
    to.clear(Assembler.COLUMN);
    int start = to.size();
    code.memory.prefetch(unroll);
    code.body(unroll, false, 0, false);
    to.add(Assembler.ELEMENT, 16 * unroll, true);
    to.add(Assembler.COLUMN, 16 * unroll, true);
    to.compare(Assembler.COLUMN, 16 * whole);
    to.jump(Assembler.BELOW, start);
    if (rowVectors > whole) {
      code.memory.prefetch(rowVectors - whole);
      code.body(rowVectors - whole, rowTail, 0, false);
      to.add(Assembler.ELEMENT, columns - 16 * whole, true);
    }
    if (hasRowOutputs()) {
      code.body(0, false, 0, true);
    }
    to.add(Assembler.ROW, 1, true);
    again();
  }
}
