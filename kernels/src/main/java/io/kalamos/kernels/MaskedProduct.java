package io.kalamos.kernels;

import static io.kalamos.kernels.Routine.LANES;

/// `c = a · bᵀ` where `mask > 0`, and 0 elsewhere: what flows back to inputs that come out of relu,
/// which lets nothing through for half of them or more. All row-major float32: a (m, k), b (n, k),
/// mask and c (m, n).
public record MaskedProduct(int m, int k, int n) {
  private static final int LEAST_DEPTH = 4 * LANES;
  private static final int MOST_VECTORS = 16;

  /// Whether there is code for these sizes that is clearly faster than computing all of c: each
  /// result is a sum over lanes, which takes longest where there is little to sum up.
  public boolean fits() {
    return m > 0
        && k >= LEAST_DEPTH
        && vectors() <= MOST_VECTORS
        && n >= MaskedProductCode.BLOCK
        && 4L * n * Math.max(k, m) < Integer.MAX_VALUE;
  }

  /// Vectors of a row of a; the last one may hold fewer numbers.
  int vectors() {
    return (k + LANES - 1) / LANES;
  }
}
