package io.kalamos.kernels;

/// How an element lies in memory; inside a kernel every value is a float32.
public enum ElementType {
  FLOAT32(4),
  /// The upper half of a float32; stores round to nearest, ties to even.
  BFLOAT16(2),
  /// 0 to 255; for inputs only.
  UINT8(1),
  /// Converted to the nearest float32; for inputs only.
  INT32(4);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /// Bytes of one element.
  public int bytes() {
    return bytes;
  }
}
