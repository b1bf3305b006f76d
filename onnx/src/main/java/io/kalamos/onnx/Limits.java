package io.kalamos.onnx;

/// What a file may cost to read.
///
/// @param bytes of the whole file; the format itself ends at 2 GiB
/// @param elements messages, texts and single numbers outside of tensors, which take more memory
///   than their two bytes in the file
record Limits(int bytes, int elements) {
  static final Limits DEFAULTS = new Limits(Integer.MAX_VALUE - 8, 4_000_000);
}
