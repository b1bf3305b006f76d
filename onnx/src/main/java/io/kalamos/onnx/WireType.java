package io.kalamos.onnx;

/// How the value behind a tag is stored, by the numbers of the protocol buffers' encoding.
final class WireType {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int LENGTH = 2;
  static final int FIXED32 = 5;

  private WireType() {}
}
