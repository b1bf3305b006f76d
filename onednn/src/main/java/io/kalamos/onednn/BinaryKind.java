package io.kalamos.onednn;

/// A function of two elements, with the library's code.
enum BinaryKind {
  ADD(0x1fff0),
  MUL(0x1fff1),
  MAX(0x1fff2),
  MIN(0x1fff3),
  DIV(0x1fff4),
  SUB(0x1fff5),
  GE(0x1fff6),
  GT(0x1fff7),
  LE(0x1fff8),
  LT(0x1fff9),
  EQ(0x1fffa),
  NE(0x1fffb);

  private final int code;

  BinaryKind(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
