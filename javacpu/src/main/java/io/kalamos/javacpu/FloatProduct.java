package io.kalamos.javacpu;

/// The float32 matrix product C += A B for any strides.
///
/// B is copied block by block into rows that are arrays of their own, C row by row into a line, so
/// that the innermost loop indexes all arrays alike and is compiled to vector instructions. The
/// order of each element's sum depends on the depth alone, not on how rows and columns are shared.
final class FloatProduct {
  /// Rows of a block of B.
  static final int DEPTH = 64;

  /// Columns of a block of B.
  static final int WIDTH = 512;

  private FloatProduct() {}

  /// Adds the product of A (rows × depth) and B (depth × columns) to C (rows × columns). Element
  /// (r, c) of a matrix lies at offset + r × row + c × column; the columns of C lie side by side.
  static void add(
      float[] a,
      int aOffset,
      int aRow,
      int aColumn,
      float[] b,
      int bOffset,
      int bRow,
      int bColumn,
      float[] c,
      int cOffset,
      int cRow,
      int rows,
      int columns,
      int depth,
      float[][] panel,
      float[] line) {
    for (int column = 0; column < columns; column += WIDTH) {
      int width = Math.min(WIDTH, columns - column);
      for (int level = 0; level < depth; level += DEPTH) {
        int levels = Math.min(DEPTH, depth - level);
        pack(b, bOffset + level * bRow + column * bColumn, bRow, bColumn, levels, width, panel);
        for (int row = 0; row < rows; row++) {
          int from = aOffset + row * aRow + level * aColumn;
          int to = cOffset + row * cRow + column;
          System.arraycopy(c, to, line, 0, width);
          addRow(a, from, aColumn, panel, levels, line, width);
          System.arraycopy(line, 0, c, to, width);
        }
      }
    }
  }

  private static void pack(
      float[] b, int offset, int row, int column, int levels, int width, float[][] panel) {
    if (column == 1) {
      for (int level = 0; level < levels; level++) {
        System.arraycopy(b, offset + level * row, panel[level], 0, width);
      }
      return;
    }
    for (int j = 0; j < width; j++) {
      for (int level = 0; level < levels; level++) {
        panel[level][j] = b[offset + level * row + j * column];
      }
    }
  }

  private static void addRow(
      float[] a, int from, int step, float[][] panel, int levels, float[] line, int width) {
    int level = 0;
    for (; level + 4 <= levels; level += 4) {
      int at = from + level * step;
      add4(
          line,
          width,
          panel[level],
          panel[level + 1],
          panel[level + 2],
          panel[level + 3],
          a[at],
          a[at + step],
          a[at + 2 * step],
          a[at + 3 * step]);
    }
    for (; level < levels; level++) {
      add1(line, width, panel[level], a[from + level * step]);
    }
  }

  private static void add4(
      float[] line,
      int width,
      float[] b0,
      float[] b1,
      float[] b2,
      float[] b3,
      float a0,
      float a1,
      float a2,
      float a3) {
    for (int j = 0; j < width; j++) {
      line[j] += a0 * b0[j] + a1 * b1[j] + (a2 * b2[j] + a3 * b3[j]);
    }
  }

  private static void add1(float[] line, int width, float[] b0, float a0) {
    for (int j = 0; j < width; j++) {
      line[j] += a0 * b0[j];
    }
  }
}
