package io.kalamos.kernels;

/// `c = a bᵀ` for matrices of fixed sizes in float32, row by row in memory: a (m, k), b (n, k), c
/// (m, n). The gradient of a dense layer's input, where b are its weights.
public record TransposedProduct(int m, int k, int n) {
  private static final int LEAST_ROWS = 16;
  private static final int LEAST_DEPTH = 64;

  /// Below it the library is as fast.
  private static final int LEAST_COLUMNS = 512;

  /// Whether the machine code is made for such sizes.
  public boolean fits() {
    long reach = 4L * Math.max((long) m * k, Math.max((long) k * n, (long) m * n));
    return m >= LEAST_ROWS && k >= LEAST_DEPTH && n >= LEAST_COLUMNS && reach < Integer.MAX_VALUE;
  }

  /// Bytes of a row of a or b.
  int rowOfOperand() {
    return 4 * k;
  }

  int rowOfResult() {
    return 4 * n;
  }
}
