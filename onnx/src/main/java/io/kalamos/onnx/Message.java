package io.kalamos.onnx;

import java.io.IOException;

/// A message of an ONNX file: a record of the fields that are used here, with its own reading and
/// writing. Field numbers are those of `onnx.proto3`, ONNX 1.16 and later.
interface Message {
  void write(FieldWriter out) throws IOException;
}
