/// Models as ONNX files.
///
/// The messages of the format are small records here; of protocol buffers only the wire format's
/// reader and writer are used, and none of their types is exported.
@SuppressWarnings("requires-automatic") // the library names its module in the manifest only
module io.kalamos.onnx {
  requires transitive io.kalamos;
  requires com.google.protobuf;

  exports io.kalamos.onnx;
}
