package io.kalamos.kernels;

import java.util.List;

/// A fused element-wise kernel over `rows x columns` elements, row-major: inputs are read once, the
/// body computes in float32, outputs are written once. The number of rows is given when a kernel is
/// bound to memory. The list order of inputs and outputs is the order of their addresses.
public record KernelProgram(
    int columns, List<KernelInput> inputs, List<Instruction> body, List<KernelOutput> outputs) {
  /// Copies the lists and checks every reference.
  public KernelProgram {
    inputs = List.copyOf(inputs);
    body = List.copyOf(body);
    outputs = List.copyOf(outputs);
    new ProgramCheck(columns, inputs, body, outputs).run();
  }

  /// Starts a program for rows of `columns` elements.
  public static ProgramBuilder builder(int columns) {
    return new ProgramBuilder(columns);
  }
}
