package io.kalamos.kernels;

/// A product whose first operand is expected to be mostly zeros: by the code for those as long as
/// it finds them, by the other one while it does not. Both give the same bits.
final class SparseOrDense extends BoundKernel {
  /// Share of the steps with something to multiply from which on the other code is faster.
  private static final double LIMIT = 0.85;

  /// Runs of the other code until zeros are looked for again.
  private static final int PATIENCE = 64;

  private final MachineBoundKernel sparse;
  private final MachineBoundKernel dense;
  private final int slot;
  private final long most;
  private int denseRuns;

  /// @param slot where the sparse code leaves in how many steps there was something to multiply
  /// @param steps how many there are
  SparseOrDense(MachineBoundKernel sparse, MachineBoundKernel dense, int slot, long steps) {
    this.sparse = sparse;
    this.dense = dense;
    this.slot = slot;
    most = (long) (LIMIT * steps);
  }

  @Override
  public void run() {
    if (denseRuns > 0) {
      denseRuns--;
      dense.run();
      return;
    }
    sparse.run();
    if (sparse.number(slot) > most) {
      denseRuns = PATIENCE;
    }
  }

  @Override
  public void rebindInput(int input, long address) {
    sparse.rebindInput(input, address);
    dense.rebindInput(input, address);
  }

  @Override
  public void rebindOutput(int output, long address) {
    sparse.rebindOutput(output, address);
    dense.rebindOutput(output, address);
  }

  @Override
  public void rebindRows(long rows, long firstRow) {
    sparse.rebindRows(rows, firstRow);
    dense.rebindRows(rows, firstRow);
  }

  @Override
  public void close() {
    sparse.close();
    dense.close();
  }
}
