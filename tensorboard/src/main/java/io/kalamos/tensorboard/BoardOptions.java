package io.kalamos.tensorboard;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/// The options of [TensorBoard] beside the folder; the fields are set in [#with] alone.
final class BoardOptions implements Cloneable {
  /// Epochs, 0 for none.
  int histogramFreq;

  boolean writeGradients;
  boolean writeGraph = true;
  boolean writeImages;
  boolean writeStepsPerSecond;

  /// Batches, 0 for epochs alone.
  int updateFreq;

  /// Epochs, 0 for none.
  int embeddingsFreq;

  /// By layer; under an empty name that of all.
  Map<String, Path> embeddingsMetadata = Map.of();

  Map<String, ?> hparams = Map.of();

  /// The same with another option.
  BoardOptions with(Consumer<BoardOptions> change) {
    BoardOptions copy = clone();
    change.accept(copy);
    return copy;
  }

  @Override
  protected BoardOptions clone() {
    try {
      return (BoardOptions) super.clone();
    } catch (CloneNotSupportedException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
