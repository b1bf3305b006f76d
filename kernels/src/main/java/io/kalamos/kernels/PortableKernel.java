package io.kalamos.kernels;

/// A program that is interpreted block by block, one loop over heap arrays per instruction.
final class PortableKernel extends Kernel {
  private final Tape tape;

  PortableKernel(KernelProgram program, Tape tape) {
    super(program);
    this.tape = tape;
  }

  @Override
  public boolean machineCode() {
    return false;
  }

  @Override
  BoundKernel bind(int inputs, int outputs) {
    return new PortableBoundKernel(tape, inputs, outputs);
  }
}
