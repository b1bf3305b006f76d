package io.kalamos.kernels;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import io.kalamos.engine.DType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Runs a program over blocks of whole rows, some thousand elements each: native memory is copied
/// into heap arrays, because plain loops over native memory are not vectorised by the JIT compiler
/// of JDK 25, and every instruction is one loop over such arrays. Values that depend on neither row
/// nor block are computed once per run.
final class PortableBoundKernel extends BoundKernel {
  private static final int BLOCK = 1024;

  @SuppressWarnings("restricted")
  private static final MemorySegment MEMORY =
      MemorySegment.ofAddress(0).reinterpret(Long.MAX_VALUE);

  private final Tape tape;
  private final long[] inputs;
  private final long[] outputs;
  private final int columns;
  private final int blockRows;
  private final float[][] values;
  private final double[][] sums;
  private final int[] words;
  private final short[] halves;
  private final byte[] bytes;
  private final float[] line;
  private long rows;
  private long firstRow;

  PortableBoundKernel(Tape tape, int inputs, int outputs) {
    this.tape = tape;
    this.inputs = new long[inputs];
    this.outputs = new long[outputs];
    columns = tape.columns;
    blockRows = Math.max(1, BLOCK / columns);
    int block = blockRows * columns;
    values = new float[tape.body.length][];
    for (int i = 0; i < values.length; i++) {
      values[i] = tape.uses[i] > 0 ? new float[block] : null;
    }
    sums = new double[outputs][];
    for (int i = 0; i < outputs; i++) {
      sums[i] = tape.outputs[i][0] == KernelOutput.COLUMN_SUM ? new double[columns] : null;
    }
    words = new int[block];
    halves = new short[block];
    bytes = new byte[block];
    line = new float[Math.max(columns, blockRows)];
  }

  @Override
  public void run() {
    for (double[] sum : sums) {
      if (sum != null) {
        Arrays.fill(sum, 0);
      }
    }
    for (int i = 0; i < values.length; i++) {
      if (values[i] != null && isFixed(i)) {
        compute(i, 0, blockRows);
      }
    }
    for (long row = 0; row < rows; row += blockRows) {
      int count = (int) Math.min(blockRows, rows - row);
      for (int i = 0; i < values.length; i++) {
        if (values[i] != null && !isFixed(i)) {
          compute(i, row, count);
        }
      }
      for (int i = 0; i < outputs.length; i++) {
        store(i, row, count);
      }
    }
    for (int i = 0; i < outputs.length; i++) {
      if (sums[i] != null) {
        boolean accumulate = tape.outputs[i][3] == 1;
        for (int c = 0; c < columns; c++) {
          long address = outputs[i] + 4L * c;
          float old = accumulate ? MEMORY.get(JAVA_FLOAT_UNALIGNED, address) : 0;
          MEMORY.set(JAVA_FLOAT_UNALIGNED, address, (float) (old + sums[i][c]));
        }
      }
    }
  }

  private boolean isFixed(int value) {
    return (tape.level[value] & Tape.BY_ROW) == 0;
  }

  private void compute(int value, long row, int count) {
    int[] code = tape.body[value];
    float[] to = values[value];
    int n = count * columns;
    switch (code[0]) {
      case Instruction.LOAD -> load(code[1], to, row, count);
      case Instruction.CONSTANT -> Arrays.fill(to, 0, n, Float.intBitsToFloat(code[1]));
      case Instruction.UNARY -> HeapLoops.unary(Tape.UNARY[code[1]], values[code[2]], to, n);
      case Instruction.BINARY ->
          HeapLoops.binary(Tape.BINARY[code[1]], values[code[2]], values[code[3]], to, n);
      case Instruction.SELECT ->
          HeapLoops.select(values[code[1]], values[code[2]], values[code[3]], to, n);
      case Instruction.UNIFORM -> {
        long seed = MEMORY.get(JAVA_LONG_UNALIGNED, inputs[code[1]]);
        int step = MEMORY.get(JAVA_INT_UNALIGNED, inputs[code[2]]);
        HeapLoops.uniform(seed, code[3], step, (int) ((firstRow + row) * columns), to, n);
      }
      case Instruction.ROW_SUM -> HeapLoops.rowSum(values[code[1]], to, count, columns);
      case Instruction.ROW_MAX -> HeapLoops.rowMax(values[code[1]], to, count, columns);
      case Instruction.COLUMN_INDEX -> {
        for (int c = 0; c < columns; c++) {
          line[c] = c;
        }
        HeapLoops.repeat(line, to, count, columns);
      }
      default -> throw new AssertionError(code[0]); // of int words, not of a sealed type
    }
  }

  private void load(int input, float[] to, long row, int count) {
    DType type = tape.inputType(input);
    long address = inputs[input];
    switch (tape.inputs[input][0]) {
      case KernelInput.FULL ->
          read(type, address + row * columns * type.bytes(), to, 0, count * columns);
      case KernelInput.GATHERED -> {
        long indices = inputs[tape.inputs[input][2]];
        for (int r = 0; r < count; r++) {
          long index = MEMORY.get(JAVA_INT_UNALIGNED, indices + 4 * (row + r));
          read(type, address + index * columns * type.bytes(), to, r * columns, columns);
        }
      }
      case KernelInput.STRIDED -> {
        long stride = (long) tape.inputs[input][2] * type.bytes();
        for (int r = 0; r < count; r++) {
          read(type, address + (row + r) * stride, to, r * columns, columns);
        }
      }
      case KernelInput.COLUMN -> {
        read(type, address, line, 0, columns);
        HeapLoops.repeat(line, to, count, columns);
      }
      case KernelInput.ROW -> {
        read(type, address + row * type.bytes(), line, 0, count);
        HeapLoops.spread(line, to, count, columns);
      }
      case KernelInput.SCALAR -> {
        read(type, address, line, 0, 1);
        Arrays.fill(to, line[0]);
      }
      default -> throw new AssertionError(input); // of int words, not of a sealed type
    }
  }

  private void read(DType type, long address, float[] to, int at, int n) {
    switch (type) {
      case FLOAT32 -> MemorySegment.copy(MEMORY, JAVA_FLOAT_UNALIGNED, address, to, at, n);
      case BFLOAT16 -> {
        MemorySegment.copy(MEMORY, JAVA_SHORT_UNALIGNED, address, halves, 0, n);
        HeapLoops.fromBfloat16(halves, to, at, n);
      }
      case UINT8 -> {
        MemorySegment.copy(MEMORY, JAVA_BYTE, address, bytes, 0, n);
        HeapLoops.fromUint8(bytes, to, at, n);
      }
      case INT32 -> {
        MemorySegment.copy(MEMORY, JAVA_INT_UNALIGNED, address, words, 0, n);
        HeapLoops.fromInt32(words, to, at, n);
      }
      case FLOAT64 -> throw new AssertionError(type); // refused by KernelProgram
    }
  }

  private void store(int output, long row, int count) {
    int[] code = tape.outputs[output];
    float[] from = values[code[2]];
    if (code[0] == KernelOutput.COLUMN_SUM) {
      HeapLoops.columnSum(from, sums[output], count, columns);
      return;
    }
    int n = count * columns;
    long first = row * columns;
    if (code[0] == KernelOutput.ROW) {
      for (int r = 0; r < count; r++) {
        line[r] = from[r * columns];
      }
      from = line;
      n = count;
      first = row;
    }
    DType type = tape.outputType(output);
    long address = outputs[output] + first * type.bytes();
    if (type == DType.FLOAT32) {
      MemorySegment.copy(from, 0, MEMORY, JAVA_FLOAT_UNALIGNED, address, n);
    } else {
      HeapLoops.toBfloat16(from, halves, n);
      MemorySegment.copy(halves, 0, MEMORY, JAVA_SHORT_UNALIGNED, address, n);
    }
  }

  @Override
  public void rebindInput(int input, long address) {
    inputs[input] = address;
  }

  @Override
  public void rebindOutput(int output, long address) {
    outputs[output] = address;
  }

  @Override
  public void rebindRows(long rows, long firstRow) {
    this.rows = rows;
    this.firstRow = firstRow;
  }

  @Override
  public void close() {}
}
