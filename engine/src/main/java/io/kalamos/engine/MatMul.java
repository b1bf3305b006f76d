package io.kalamos.engine;

import java.util.List;

/// Matrix product of two matrices, each transposed or not; further axes in front are equal in both
/// operands, and each of their places has a product of its own.
///
/// @param byWeights whether threads share it by the inputs of a layer, as [WeightSharing] decides
/// @param ofData whether it reads its first operand from the data of a [Batch], where a backend
///   decides so: no memory holds that operand
public record MatMul(
    boolean transposeA, boolean transposeB, Epilogue epilogue, boolean byWeights, boolean ofData)
    implements Op {
  public MatMul(boolean transposeA, boolean transposeB) {
    this(transposeA, transposeB, Epilogue.NONE, false, false);
  }

  MatMul with(Epilogue other) {
    return new MatMul(transposeA, transposeB, other, byWeights, ofData);
  }

  MatMul sharedByWeights() {
    return new MatMul(transposeA, transposeB, epilogue, true, ofData);
  }

  /// The same, reading data.
  public MatMul overData() {
    return new MatMul(transposeA, transposeB, epilogue, byWeights, true);
  }

  @Override
  public Shape shape(List<Node> inputs) {
    Shape a = inputs.get(0).shape();
    Shape b = inputs.get(1).shape();
    int rank = a.rank();
    boolean fits =
        rank >= 2
            && b.rank() == rank
            && a.slice(0, rank - 2).equals(b.slice(0, rank - 2))
            && a.dim(transposeA ? -2 : -1) == b.dim(transposeB ? -1 : -2);
    if (!fits) {
      throw new ShapeException(
          "matmul: expected matrices (..., m, k) and (..., k, n), received shapes="
              + a
              + (transposeA ? "ᵀ" : "")
              + " and "
              + b
              + (transposeB ? "ᵀ" : "")
              + ". Reshape or transpose the inputs.");
    }
    return a.with(-2, a.dim(transposeA ? -1 : -2)).with(-1, b.dim(transposeB ? -2 : -1));
  }

  /// With C = AB: dA = dC Bᵀ, dB = Aᵀ dC; a transposed operand receives the transpose.
  @Override
  public List<Node> gradient(Node self, Node upstream) {
    Node a = self.input(0);
    Node b = self.input(1);
    Node da =
        transposeA
            ? Ops.matmul(b, upstream, transposeB, true)
            : Ops.matmul(upstream, b, false, !transposeB);
    Node db =
        transposeB
            ? Ops.matmul(upstream, a, true, transposeA)
            : Ops.matmul(a, upstream, !transposeA, false);
    return List.of(da, db);
  }

  @Override
  public String label() {
    return "MatMul"
        + (transposeA ? " aᵀ" : "")
        + (transposeB ? " bᵀ" : "")
        + epilogue
        + (ofData ? " of data" : "")
        + (byWeights ? " by weights" : "");
  }
}
