package io.kalamos.kernels;

import io.kalamos.engine.Binary;
import io.kalamos.engine.DType;
import io.kalamos.engine.Unary;
import java.util.ArrayList;
import java.util.List;

/// Collects a [KernelProgram]: every method that returns an `int` appends one instruction and
/// returns its position, to be used as an operand.
public final class ProgramBuilder {
  private final int columns;
  private final List<KernelInput> inputs = new ArrayList<>();
  private final List<Instruction> body = new ArrayList<>();
  private final List<KernelOutput> outputs = new ArrayList<>();

  ProgramBuilder(int columns) {
    this.columns = columns;
  }

  /// Declares an input without reading it and returns its number.
  public int input(KernelInput input) {
    inputs.add(input);
    return inputs.size() - 1;
  }

  /// Appends any instruction.
  public int add(Instruction instruction) {
    body.add(instruction);
    return body.size() - 1;
  }

  /// Reads a declared input.
  public int load(int input) {
    return add(new Instruction.Load(input));
  }

  /// Declares and reads one element per row and column.
  public int full(DType type) {
    return load(input(new KernelInput.Full(type)));
  }

  /// Declares and reads neighbouring columns of an array whose rows have `stride` elements.
  public int strided(DType type, int stride) {
    return load(input(new KernelInput.Strided(type, stride)));
  }

  /// Declares and reads one element per column.
  public int column(DType type) {
    return load(input(new KernelInput.Column(type)));
  }

  /// Declares and reads one element per row.
  public int row(DType type) {
    return load(input(new KernelInput.Row(type)));
  }

  /// Declares and reads a single element.
  public int scalar(DType type) {
    return load(input(new KernelInput.Scalar(type)));
  }

  /// Declares an array and its index array (in this order) and reads the rows that it names.
  public int gathered(DType type) {
    int array = input(new KernelInput.Gathered(type, inputs.size() + 1));
    input(new KernelInput.Row(DType.INT32));
    return load(array);
  }

  /// The same value everywhere.
  public int constant(double value) {
    return add(new Instruction.Constant((float) value));
  }

  /// A function of one value.
  public int map(Unary function, int a) {
    return add(new Instruction.Map(function, a));
  }

  /// A function of two values.
  public int combine(Binary function, int a, int b) {
    return add(new Instruction.Combine(function, a, b));
  }

  /// `a` where `condition` is not zero, else `b`.
  public int select(int condition, int a, int b) {
    return add(new Instruction.Select(condition, a, b));
  }

  /// Random numbers in [0, 1) from the inputs numbered `seed` and `step`.
  public int uniform(int seed, int step, int stream) {
    return add(new Instruction.Uniform(seed, step, stream));
  }

  /// Sum along the row.
  public int rowSum(int a) {
    return add(new Instruction.RowSum(a));
  }

  /// Maximum along the row.
  public int rowMax(int a) {
    return add(new Instruction.RowMax(a));
  }

  /// The number of the column.
  public int columnIndex() {
    return add(new Instruction.ColumnIndex());
  }

  /// Writes a value per row and column.
  public ProgramBuilder store(DType type, int value) {
    outputs.add(new KernelOutput.Full(type, value));
    return this;
  }

  /// Writes a value per row.
  public ProgramBuilder storeRow(DType type, int value) {
    outputs.add(new KernelOutput.Row(type, value));
    return this;
  }

  /// Sums a value over the rows, per column; adds to the memory if `accumulate`.
  public ProgramBuilder sumColumns(int value, boolean accumulate) {
    outputs.add(new KernelOutput.ColumnSum(value, accumulate));
    return this;
  }

  /// The checked program.
  public KernelProgram build() {
    return new KernelProgram(columns, inputs, body, outputs);
  }
}
