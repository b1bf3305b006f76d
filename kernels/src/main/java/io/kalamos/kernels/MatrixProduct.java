package io.kalamos.kernels;

/// `c = a b` for matrices of fixed sizes in float32, row by row in memory: a (m, k), b (k, n), c
/// (m, n). A transposed operand lies in memory as (k, m) or (n, k), as in the gradients of a dense
/// layer.
public record MatrixProduct(int m, int k, int n, boolean transposeA, boolean transposeB) {
  /// Of operands as they lie.
  public static MatrixProduct of(int m, int k, int n) {
    return new MatrixProduct(m, k, n, false, false);
  }

  /// `aᵀ b`.
  public MatrixProduct withTransposedA() {
    return new MatrixProduct(m, k, n, true, transposeB);
  }

  /// `a bᵀ`.
  public MatrixProduct withTransposedB() {
    return new MatrixProduct(m, k, n, transposeA, true);
  }

  /// Whether the machine code is made for such sizes.
  public boolean fits() {
    long reach = 4L * Math.max((long) m * k, Math.max((long) k * n, (long) m * n));
    return m > 0 && k > 0 && n > 0 && reach < Integer.MAX_VALUE;
  }

  /// Bytes of a row of a in memory.
  int rowOfA() {
    return 4 * (transposeA ? m : k);
  }

  /// Bytes of a row of b in memory.
  int rowOfB() {
    return 4 * (transposeB ? k : n);
  }

  int rowOfResult() {
    return 4 * n;
  }

  /// From one element to the next along k.
  int alongA() {
    return transposeA ? rowOfA() : 4;
  }

  int alongB() {
    return transposeB ? 4 : rowOfB();
  }

  /// From one row of c to the next.
  int acrossA() {
    return transposeA ? 4 : rowOfA();
  }

  /// From one column of c to the next.
  int acrossB() {
    return transposeB ? rowOfB() : 4;
  }
}
