package io.kalamos.kernels;

import static io.kalamos.kernels.Routine.LANES;

/// Transposes 16 by 16 lanes that lie in the first sixteen vector registers.
final class Square {
  private Square() {}

  /// What becomes of a column, once a register holds it.
  interface Column {
    void accept(int register, int column);
  }

  /// Within quarters of vectors first, then the quarters; all 32 registers are used.
  static void transpose(Routine to, Column done) {
    for (int q = 0; q < LANES; q += 4) {
      for (int pair = 0; pair < 4; pair += 2) {
        int r = q + pair;
        to.vector(VectorOp.UNPACK_LOW, LANES + r, r, r + 1, 0);
        to.vector(VectorOp.UNPACK_HIGH, LANES + r + 1, r, r + 1, 0);
      }
      for (int j = 0; j < 4; j++) {
        int from = LANES + q + j / 2;
        to.vector(VectorOp.SHUFFLE, q + j, from, from + 2, j % 2 == 0 ? 0x44 : 0xEE);
      }
    }
    for (int j = 0; j < 4; j++) {
      int u = LANES + 4 * j;
      for (int half = 0; half < 2; half++) {
        int s = 8 * half + j;
        to.vector(VectorOp.SHUFFLE_QUARTERS, u + half, s, s + 4, 0x88);
        to.vector(VectorOp.SHUFFLE_QUARTERS, u + 2 + half, s, s + 4, 0xDD);
      }
      for (int quarter = 0; quarter < 4; quarter++) {
        int from = u + quarter % 2 * 2;
        int column = 4 * quarter + j;
        int choice = quarter < 2 ? 0x88 : 0xDD;
        to.vector(VectorOp.SHUFFLE_QUARTERS, column, from, from + 1, choice);
        done.accept(column, column);
      }
    }
  }
}
