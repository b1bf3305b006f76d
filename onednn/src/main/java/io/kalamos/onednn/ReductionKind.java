package io.kalamos.onednn;

/// How the elements along the dims of size 1 in the destination become one, with the library's
/// code.
enum ReductionKind {
  MAX(0x2fff2),
  MIN(0x2fff3),
  SUM(0x2fff4),
  MUL(0x2fff5),
  MEAN(0x2fff6);

  private final int code;

  ReductionKind(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
