package io.kalamos.engine;

/// The element types of tensors, with their names in Keras and NumPy.
public enum DType {
  FLOAT32("float32", 4),
  FLOAT64("float64", 8),
  BFLOAT16("bfloat16", 2),
  INT32("int32", 4),
  UINT8("uint8", 1);

  private final String keras;
  private final int bytes;

  DType(String keras, int bytes) {
    this.keras = keras;
    this.bytes = bytes;
  }

  /// Bytes of one element.
  public int bytes() {
    return bytes;
  }

  /// Whether values are real numbers: what arithmetic and gradients need.
  public boolean floating() {
    return this == FLOAT32 || this == FLOAT64 || this == BFLOAT16;
  }

  /// Whether every value of this type is also a value of `other`'s range (labels and counts).
  public boolean integral() {
    return !floating();
  }

  @Override
  public String toString() {
    return keras;
  }
}
