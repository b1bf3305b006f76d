package io.kalamos.onnx;

import io.kalamos.engine.DType;
import java.io.IOException;
import java.util.Optional;

/// The element types of ONNX tensors that have a fixed number of whole bytes, and texts.
enum ElementType {
  FLOAT(1, 4),
  UINT8(2, 1),
  INT8(3, 1),
  UINT16(4, 2),
  INT16(5, 2),
  INT32(6, 4),
  INT64(7, 8),
  STRING(8, 0),
  BOOL(9, 1),
  FLOAT16(10, 2),
  DOUBLE(11, 8),
  UINT32(12, 4),
  UINT64(13, 8),
  BFLOAT16(16, 2);

  private final int code;
  private final int bytes;

  ElementType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  /// The number in files.
  int code() {
    return code;
  }

  /// Bytes of one element; 0 for texts.
  int bytes() {
    return bytes;
  }

  /// Whether values are real numbers.
  boolean floating() {
    return this == FLOAT || this == DOUBLE || this == FLOAT16 || this == BFLOAT16;
  }

  /// Whether values are whole numbers.
  boolean integral() {
    return !floating() && this != BOOL && this != STRING;
  }

  static ElementType of(DType type) {
    return switch (type) {
      case FLOAT32 -> FLOAT;
      case FLOAT64 -> DOUBLE;
      case BFLOAT16 -> BFLOAT16;
      case INT32 -> INT32;
      case UINT8 -> UINT8;
    };
  }

  /// The engine's type, if it has this one.
  Optional<DType> dtype() {
    return switch (this) {
      case FLOAT -> Optional.of(DType.FLOAT32);
      case DOUBLE -> Optional.of(DType.FLOAT64);
      case BFLOAT16 -> Optional.of(DType.BFLOAT16);
      case INT32 -> Optional.of(DType.INT32);
      case UINT8 -> Optional.of(DType.UINT8);
      case INT8, UINT16, INT16, INT64, STRING, BOOL, FLOAT16, UINT32, UINT64 -> Optional.empty();
    };
  }

  /// The type of a number in a file.
  static ElementType coded(int code) throws IOException {
    for (ElementType type : values()) {
      if (type.code == code) {
        return type;
      }
    }
    throw new IOException(
        "ONNX file: expected an element type of whole bytes, received data_type="
            + code
            + ". Convert the model to float32 first.");
  }
}
