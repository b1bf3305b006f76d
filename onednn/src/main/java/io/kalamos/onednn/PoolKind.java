package io.kalamos.onednn;

/// How a window becomes one value, with the library's code.
enum PoolKind {
  MAX(0x1ff),
  /// Divides by the window's size.
  AVERAGE_WITH_PADDING(0x2ff),
  /// Divides by the number of elements inside the picture, as Keras does.
  AVERAGE(0x3ff);

  private final int code;

  PoolKind(int code) {
    this.code = code;
  }

  int code() {
    return code;
  }
}
