package io.kalamos.kernels;

/// A compiled program, without memory or state of its own: any number of threads may bind it.
public abstract sealed class Kernel permits PortableKernel, MachineCompiler.MachineKernel {
  private final KernelProgram program;

  Kernel(KernelProgram program) {
    this.program = program;
  }

  /// What was compiled.
  public final KernelProgram program() {
    return program;
  }

  /// Whether a run executes generated machine code.
  public abstract boolean machineCode();

  /// Fixes addresses (in the order of the program's inputs and outputs) and the number of rows.
  /// `firstRow` is the place of row 0 in the whole batch and matters to random numbers alone: it
  /// does not move any address.
  public final BoundKernel bind(long[] inputs, long[] outputs, long rows, long firstRow) {
    requireCount("inputs", program.inputs().size(), inputs.length);
    requireCount("outputs", program.outputs().size(), outputs.length);
    BoundKernel bound = bind(inputs.length, outputs.length);
    bound.rebind(inputs, outputs, rows, firstRow);
    return bound;
  }

  abstract BoundKernel bind(int inputs, int outputs);

  private static void requireCount(String name, int expected, int received) {
    if (expected != received) {
      throw new IllegalArgumentException(
          "Kernel.bind, "
              + name
              + ": expected "
              + expected
              + " addresses, received "
              + name
              + ".length="
              + received
              + "; give one per "
              + name.substring(0, name.length() - 1)
              + " of the program.");
    }
  }
}
