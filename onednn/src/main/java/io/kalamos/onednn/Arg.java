package io.kalamos.onednn;

/// The part a memory plays in a primitive, with the library's argument number.
enum Arg {
  SRC(1),
  SRC_1(2),
  DST(17),
  WEIGHTS(33),
  BIAS(41),
  WORKSPACE(64),
  SCRATCHPAD(80),
  DIFF_SRC(129),
  DIFF_DST(145),
  DIFF_WEIGHTS(161),
  DIFF_BIAS(169),
  POST_OP_0(0x8000 | 2),
  POST_OP_1(0x10000 | 2),
  POST_OP_2(0x18000 | 2);

  private final int number;

  Arg(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  /// The index of the post-op whose other operand this is, or -1 for every other argument.
  int postOp() {
    return this.compareTo(POST_OP_0) < 0 ? -1 : ordinal() - POST_OP_0.ordinal();
  }
}
