package io.kalamos.onednn;

import io.kalamos.engine.MatMul;
import io.kalamos.engine.Node;
import io.kalamos.engine.Op;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Unit;
import io.kalamos.onednn.Product.Given;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/// Products of matrices.
final class MatrixPart extends Part {
  MatrixPart(Products products, Scope scope, Product product, Unit unit, int thread, boolean cut) {
    super(products, scope, product, unit, thread, cut);
  }

  @Override
  void plan() {
    switch (node.op()) {
      case MatMul matmul -> matmul(matmul);
      case Op op -> throw new IllegalStateException(op.label());
    }
  }

  private void matmul(MatMul op) {
    if (op.byWeights()) {
      byWeights(op.transposeA());
      return;
    }
    Node a = node.input(0);
    Node b = node.input(1);
    Md left = matrices(a, op.transposeA());
    Md right = matrices(b, op.transposeB());
    Md result = matrices(node, false);
    long[] one = new long[result.dims().length];
    Arrays.fill(one, 1);
    one[one.length - 1] = node.shape().dim(-1);
    Md bias = bias(op.epilogue(), one);
    Map<Arg, Given> given = new EnumMap<>(Arg.class);
    given.put(Arg.SRC, read(left, a));
    given.put(Arg.WEIGHTS, read(right, b));
    given.put(Arg.DST, write(result));
    if (op.epilogue().bias()) {
      given.put(Arg.BIAS, read(bias, node.input(2)));
    }
    product.plan(
        first(new Problem.MatMul(left, right, bias, result, attributes(op.epilogue()))), given);
  }

  /// All samples, and the weights of some of the layer's inputs, or of none: an addend is zero
  /// then.
  private void byWeights(boolean gradient) {
    Node x = node.input(0);
    WeightRows own = WeightRows.of(node, products.shares(), thread);
    if (own.count() == 0) {
      if (!gradient) {
        clear();
      }
      return;
    }
    long all = x.shape().dim(0);
    long row = x.shape().dim(1);
    long columns = node.shape().dim(1);
    Md left =
        gradient
            ? Md.strided(scope, DataType.F32, new long[] {own.count(), all}, new long[] {1, row})
            : Md.strided(scope, DataType.F32, new long[] {all, own.count()}, new long[] {row, 1});
    Md right = Md.of(scope, DataType.F32, gradient ? all : own.count(), columns);
    Md result = Md.of(scope, DataType.F32, gradient ? own.count() : all, columns);
    product.plan(
        first(new Problem.MatMul(left, right, Md.none(scope), result, Attributes.NONE)),
        Map.of(
            Arg.SRC, new Given(left, false, false, (at, turn) -> own.samples(products.storage())),
            Arg.WEIGHTS,
                new Given(right, false, false, (at, turn) -> own.operand(products.storage())),
            Arg.DST, new Given(result, true, false, (at, turn) -> own.result(products.storage()))));
  }

  /// A matrix, or many of them one behind the other.
  private Md matrices(Node value, boolean transposed) {
    Shape shape = value.shape();
    int rank = shape.rank();
    return rank == 2
        ? Layouts.matrix(scope, stored(value), rows(value), shape.dim(1), transposed)
        : Layouts.matrices(
            scope,
            stored(value),
            rows(value) * shape.product(1, rank - 2),
            shape.dim(-2),
            shape.dim(-1),
            transposed);
  }
}
