/// Event files that TensorBoard shows: a callback with Keras's options, and a writer for everything
/// else.
///
/// Of protocol buffers only the wire format's writer is used, and none of their types is exported.
@SuppressWarnings("requires-automatic") // the library names its module in the manifest only
module io.kalamos.tensorboard {
  requires transitive io.kalamos;
  requires com.google.protobuf;
  requires java.desktop;

  exports io.kalamos.tensorboard;
}
