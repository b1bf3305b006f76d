package io.kalamos.onednn;

/// An element type, with the library's code and its size in bytes.
enum DataType {
  BF16(2, 2),
  F32(3, 4),
  S32(4, 4),
  S8(5, 1),
  U8(6, 1),
  F64(7, 8);

  private final int code;
  private final int bytes;

  DataType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  int code() {
    return code;
  }

  int bytes() {
    return bytes;
  }

  static DataType of(int code) {
    for (var type : values()) {
      if (type.code == code) {
        return type;
      }
    }
    throw new IllegalArgumentException(
        "oneDNN data type: expected a type that is bound here, received code="
            + code
            + "; add it to DataType.");
  }
}
