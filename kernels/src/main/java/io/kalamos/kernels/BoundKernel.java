package io.kalamos.kernels;

/// A kernel with its addresses, ready to run; it owns the scratch memory of one run at a time, so
/// it belongs to one thread at a time.
public abstract sealed class BoundKernel implements AutoCloseable
    permits PortableBoundKernel, MachineBoundKernel, SparseOrDense {
  BoundKernel() {}

  /// Computes all outputs; allocates nothing.
  public abstract void run();

  /// Replaces one input address: one store.
  public abstract void rebindInput(int input, long address);

  /// Replaces one output address: one store.
  public abstract void rebindOutput(int output, long address);

  /// Replaces the number of rows and the place of row 0 in the whole batch.
  public abstract void rebindRows(long rows, long firstRow);

  final void rebind(long[] inputs, long[] outputs, long rows, long firstRow) {
    for (int i = 0; i < inputs.length; i++) {
      rebindInput(i, inputs[i]);
    }
    for (int i = 0; i < outputs.length; i++) {
      rebindOutput(i, outputs[i]);
    }
    rebindRows(rows, firstRow);
  }

  /// Releases the scratch memory; the addresses belong to the caller.
  @Override
  public abstract void close();
}
