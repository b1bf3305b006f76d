package io.kalamos.plots;

import io.kalamos.callbacks.History;
import io.kalamos.engine.Tensor;
import java.util.List;
import java.util.SequencedMap;

/// The pictures that there are; each is drawn when it is saved.
public final class Plots {
  private Plots() {}

  /// The figures of a run of `fit`.
  public static Picture learningCurves(History history) {
    return learningCurves(history.metrics());
  }

  /// Loss and metrics by epoch, one panel for each, training beside validation (`loss` and
  /// `val_loss`); the epoch with the best validation loss is marked.
  public static Picture learningCurves(SequencedMap<String, ? extends List<Double>> history) {
    return learningCurves("", history);
  }

  /// The same under a headline.
  public static Picture learningCurves(
      String title, SequencedMap<String, ? extends List<Double>> history) {
    return LearningCurves.of(title, history).picture();
  }

  /// A grid of grey images of shape (n, height, width) or (n, height, width, 1), 0 black and the
  /// largest value of each image white, with a caption under each; no captions is fine too.
  public static Picture images(Tensor images, List<String> captions) {
    return ImageGrid.of(images, captions).picture();
  }
}
