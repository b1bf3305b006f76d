package io.kalamos.javacpu;

import io.kalamos.engine.MatMul;
import io.kalamos.engine.Node;
import io.kalamos.javacpu.Values.Floats;
import java.util.Arrays;

/// Matrix products: float32 in blocks, float64 by the definition.
final class Products {
  private Products() {}

  static Kernel matmul(MatMul op, Node node, Values a, Values b, Values y, Scratch scratch) {
    int rows = node.shape().dim(0);
    int columns = node.shape().dim(1);
    int depth = node.input(0).shape().dim(op.transposeA() ? 0 : 1);
    int aRow = op.transposeA() ? 1 : depth;
    int aColumn = op.transposeA() ? rows : 1;
    int bRow = op.transposeB() ? 1 : columns;
    int bColumn = op.transposeB() ? depth : 1;
    if (a instanceof Floats(float[] left, _)
        && b instanceof Floats(float[] right, _)
        && y instanceof Floats(float[] c, _)) {
      scratch.need(0, FloatProduct.WIDTH);
      return (part, parts) -> {
        boolean byRows = rows >= columns;
        int fromRow = byRows ? Kernel.from(rows, part, parts) : 0;
        int toRow = byRows ? Kernel.from(rows, part + 1, parts) : rows;
        int fromColumn = byRows ? 0 : Kernel.from(columns, part, parts);
        int toColumn = byRows ? columns : Kernel.from(columns, part + 1, parts);
        for (int row = fromRow; row < toRow; row++) {
          Arrays.fill(c, row * columns + fromColumn, row * columns + toColumn, 0);
        }
        FloatProduct.add(
            left,
            fromRow * aRow,
            aRow,
            aColumn,
            right,
            fromColumn * bColumn,
            bRow,
            bColumn,
            c,
            fromRow * columns + fromColumn,
            columns,
            toRow - fromRow,
            toColumn - fromColumn,
            depth,
            scratch.panel(part),
            scratch.get(part, 0));
      };
    }
    double[] left = Values.doubles(a, node);
    double[] right = Values.doubles(b, node);
    double[] c = Values.doubles(y, node);
    return (part, parts) -> {
      int to = Kernel.from(rows, part + 1, parts);
      for (int row = Kernel.from(rows, part, parts); row < to; row++) {
        for (int column = 0; column < columns; column++) {
          double sum = 0;
          for (int level = 0; level < depth; level++) {
            sum += left[row * aRow + level * aColumn] * right[level * bRow + column * bColumn];
          }
          c[row * columns + column] = sum;
        }
      }
    };
  }
}
