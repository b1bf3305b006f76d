package io.kalamos.tensorboard;

/// The parts of TensorBoard that show values, with what they want to read beside a value.
enum Plugin {
  SCALARS("scalars", DataClass.SCALAR),
  HISTOGRAMS("histograms", DataClass.TENSOR),
  IMAGES("images", DataClass.BLOB_SEQUENCE),
  TEXT("text", DataClass.TENSOR),
  HPARAMS("hparams", DataClass.TENSOR),
  GRAPH("graph_keras_model", DataClass.BLOB_SEQUENCE);

  /// `DataClass` of `summary.proto`: how TensorBoard keeps the values of a tag.
  private enum DataClass {
    UNKNOWN,
    SCALAR,
    TENSOR,
    BLOB_SEQUENCE
  }

  private final String plugin;
  private final DataClass data;

  Plugin(String plugin, DataClass data) {
    this.plugin = plugin;
    this.data = data;
  }

  /// A `Summary` of one value with its `SummaryMetadata`.
  ///
  /// @param content what the plugin keeps with the tag
  Message summary(String tag, byte[] content, Message tensor) {
    Message kept = new Message().text(1, plugin);
    if (content.length > 0) {
      kept.bytes(2, content);
    }
    Message metadata = new Message().message(1, kept).whole(4, data.ordinal());
    Message value = new Message().text(1, tag).message(9, metadata).message(8, tensor);
    return new Message().message(1, value);
  }
}
