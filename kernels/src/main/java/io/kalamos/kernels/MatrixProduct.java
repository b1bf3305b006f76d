package io.kalamos.kernels;

import io.kalamos.engine.DType;

/// `c = a b` for matrices of fixed sizes in float32, row by row in memory: a (m, k), b (k, n), c
/// (m, n). A transposed operand lies in memory as (k, m) or (n, k), as in the gradients of a dense
/// layer.
///
/// @param apart elements from one row of a to the next in memory; 0 where its rows follow each
///   other
/// @param blanks whether a has so many zeros that it is worth looking for them: steps along k in
///   which some neighbouring rows of a hold nothing else are left out. What is infinite or
///   undefined in b does not show there.
/// @param ending what is done to c at last
/// @param picked how a is made of rows of data; `null` where it lies in memory
public record MatrixProduct(
    int m,
    int k,
    int n,
    boolean transposeA,
    boolean transposeB,
    int apart,
    boolean blanks,
    Ending ending,
    Picked picked) {
  /// What is added to the rows of c, and done to each element then.
  public enum Ending {
    NONE,
    RELU,
    BIAS,
    BIAS_RELU;

    /// Whether there is a last input: a number for each column.
    public boolean bias() {
      return this == BIAS || this == BIAS_RELU;
    }

    boolean relu() {
      return this == RELU || this == BIAS_RELU;
    }
  }

  /// The rows of a, or of its transpose, are rows of data, picked by their numbers (int32, a second
  /// input).
  ///
  /// @param type uint8 or float32
  /// @param scale by which the data are multiplied
  public record Picked(DType type, float scale) {}

  /// Of operands as they lie.
  public static MatrixProduct of(int m, int k, int n) {
    return new MatrixProduct(m, k, n, false, false, 0, false, Ending.NONE, null);
  }

  /// `aᵀ b`.
  public MatrixProduct withTransposedA() {
    return new MatrixProduct(m, k, n, true, transposeB, apart, blanks, ending, picked);
  }

  /// `a bᵀ`.
  public MatrixProduct withTransposedB() {
    return new MatrixProduct(m, k, n, transposeA, true, apart, blanks, ending, picked);
  }

  /// Of a that is part of a larger matrix, whose rows in memory have so many elements.
  public MatrixProduct withRowsApart(int elements) {
    return new MatrixProduct(m, k, n, transposeA, transposeB, elements, blanks, ending, picked);
  }

  /// Of a with many zeros.
  public MatrixProduct withBlanks() {
    return new MatrixProduct(m, k, n, transposeA, transposeB, apart, true, ending, picked);
  }

  /// With a third input where the ending needs it: a number for each column.
  public MatrixProduct ending(Ending other) {
    return new MatrixProduct(m, k, n, transposeA, transposeB, apart, blanks, other, picked);
  }

  /// Of data, `elements` from one row to the next; zeros in them are blanks.
  public MatrixProduct picking(Picked data, int elements) {
    return new MatrixProduct(m, k, n, transposeA, transposeB, elements, true, ending, data);
  }

  /// Whether the machine code is made for such sizes.
  public boolean fits() {
    long bytesOfA = (long) rowOfA() * (transposeA ? k : m);
    long reach = Math.max(bytesOfA, 4 * Math.max((long) k * n, (long) m * n));
    boolean types = picked == null || picked.type == DType.UINT8 || picked.type == DType.FLOAT32;
    return types && m > 0 && k > 0 && n > 0 && reach < Integer.MAX_VALUE;
  }

  /// Bytes of a row of a in memory.
  int rowOfA() {
    return elementOfA() * (apart > 0 ? apart : transposeA ? m : k);
  }

  int elementOfA() {
    return picked == null ? 4 : picked.type.bytes();
  }

  /// Rows of data.
  int rowsPicked() {
    return transposeA ? k : m;
  }

  /// Bytes of a row of b in memory.
  int rowOfB() {
    return 4 * (transposeB ? k : n);
  }

  int rowOfResult() {
    return 4 * n;
  }

  /// From one element to the next along k: of picked rows along a table of their addresses where
  /// they are steps along k.
  int alongA() {
    if (transposeA) {
      return picked == null ? rowOfA() : Long.BYTES;
    }
    return elementOfA();
  }

  int alongB() {
    return transposeB ? 4 : rowOfB();
  }

  /// From one row of c to the next: of picked rows along that table.
  int acrossA() {
    if (transposeA) {
      return elementOfA();
    }
    return picked == null ? rowOfA() : Long.BYTES;
  }

  /// From one column of c to the next.
  int acrossB() {
    return transposeB ? rowOfB() : 4;
  }
}
