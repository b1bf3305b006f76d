package io.kalamos.javacpu;

import io.kalamos.engine.MatMul;
import io.kalamos.engine.Node;
import io.kalamos.javacpu.Values.Floats;
import java.util.Arrays;

/// Matrix products: float32 in blocks, float64 by the definition.
final class Products {
  private Products() {}

  static Kernel matmul(MatMul op, Node node, Values a, Values b, Values y, Scratch scratch) {
    Sizes sizes = Sizes.of(op, node);
    if (a instanceof Floats(float[] left, _)
        && b instanceof Floats(float[] right, _)
        && y instanceof Floats(float[] c, _)) {
      scratch.need(0, FloatProduct.WIDTH);
      return (part, parts) -> {
        boolean byRows = sizes.rows >= sizes.columns;
        boolean alone = sizes.count == 1;
        int fromRow = alone && byRows ? Kernel.from(sizes.rows, part, parts) : 0;
        int toRow = alone && byRows ? Kernel.from(sizes.rows, part + 1, parts) : sizes.rows;
        int fromColumn = alone && !byRows ? Kernel.from(sizes.columns, part, parts) : 0;
        int toColumn =
            alone && !byRows ? Kernel.from(sizes.columns, part + 1, parts) : sizes.columns;
        int to = alone ? 1 : Kernel.from(sizes.count, part + 1, parts);
        for (int n = alone ? 0 : Kernel.from(sizes.count, part, parts); n < to; n++) {
          int start = n * sizes.rows * sizes.columns;
          for (int row = fromRow; row < toRow; row++) {
            int line = start + row * sizes.columns;
            Arrays.fill(c, line + fromColumn, line + toColumn, 0);
          }
          FloatProduct.add(
              left,
              n * sizes.rows * sizes.depth + fromRow * sizes.aRow,
              sizes.aRow,
              sizes.aColumn,
              right,
              n * sizes.depth * sizes.columns + fromColumn * sizes.bColumn,
              sizes.bRow,
              sizes.bColumn,
              c,
              start + fromRow * sizes.columns + fromColumn,
              sizes.columns,
              toRow - fromRow,
              toColumn - fromColumn,
              sizes.depth,
              scratch.panel(part),
              scratch.get(part, 0));
        }
      };
    }
    double[] left = Values.doubles(a, node);
    double[] right = Values.doubles(b, node);
    double[] c = Values.doubles(y, node);
    return (part, parts) -> {
      int to = Kernel.from(sizes.count * sizes.rows, part + 1, parts);
      for (int row = Kernel.from(sizes.count * sizes.rows, part, parts); row < to; row++) {
        int n = row / sizes.rows;
        int a0 = n * sizes.rows * sizes.depth + row % sizes.rows * sizes.aRow;
        int b0 = n * sizes.depth * sizes.columns;
        for (int column = 0; column < sizes.columns; column++) {
          double sum = 0;
          for (int level = 0; level < sizes.depth; level++) {
            sum +=
                left[a0 + level * sizes.aColumn]
                    * right[b0 + level * sizes.bRow + column * sizes.bColumn];
          }
          c[row * sizes.columns + column] = sum;
        }
      }
    };
  }

  /// So many products of (rows × depth) and (depth × columns), and how their operands lie.
  private record Sizes(
      int count, int rows, int columns, int depth, int aRow, int aColumn, int bRow, int bColumn) {
    static Sizes of(MatMul op, Node node) {
      int rank = node.shape().rank();
      int rows = node.shape().dim(-2);
      int columns = node.shape().dim(-1);
      int depth = node.input(0).shape().dim(op.transposeA() ? -2 : -1);
      return new Sizes(
          (int) node.shape().product(0, rank - 2),
          rows,
          columns,
          depth,
          op.transposeA() ? 1 : depth,
          op.transposeA() ? rows : 1,
          op.transposeB() ? 1 : columns,
          op.transposeB() ? depth : 1);
    }
  }
}
