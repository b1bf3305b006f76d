package io.kalamos.tensorboard;

import io.kalamos.callbacks.Callback;
import io.kalamos.callbacks.TrainingEvent;
import io.kalamos.callbacks.TrainingEvent.BatchEnd;
import io.kalamos.callbacks.TrainingEvent.EpochBegin;
import io.kalamos.callbacks.TrainingEvent.EpochEnd;
import io.kalamos.callbacks.TrainingEvent.TrainBegin;
import io.kalamos.callbacks.TrainingEvent.TrainEnd;
import io.kalamos.options.Refusal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/// Writes what TensorBoard shows of a training: figures, weights, the model; Keras's `TensorBoard`.
///
/// ```java
/// model.fit(data, fit -> fit.epochs(20).validationSplit(0.1)
///     .callbacks(TensorBoard.to("logs/run-1").histogramFreq(1)));
/// ```
///
/// `tensorboard --logdir logs` then shows them. Folders and tags are Keras's: `train` and
/// `validation` with `epoch_loss`, `epoch_learning_rate`, `evaluation_loss_vs_iterations`. Each
/// `fit` makes new event files and leaves those that are there alone. Training has the same bits
/// with it as without.
///
/// Keras's `profile_batch` is not there: it records a trace of TensorFlow or JAX.
/// `model.explain(32, 10)` tells how long each kernel of a step takes. Both graphs of TensorBoard
/// are of layers: *Conceptual graph*, its tag `keras`, as Keras writes it, and *Op graph*, where
/// Keras on TensorFlow has the operations of a step.
public final class TensorBoard implements Callback {
  private static final String NAME = "TensorBoard";

  private final Path logDir;
  private final BoardOptions options;
  private Optional<BoardRun> run = Optional.empty();

  private TensorBoard(Path logDir, BoardOptions options) {
    this.logDir = Objects.requireNonNull(logDir);
    this.options = options;
  }

  /// Writes below this folder, which is made where it is missing.
  public static TensorBoard to(Path logDir) {
    return new TensorBoard(logDir, new BoardOptions());
  }

  public static TensorBoard to(String logDir) {
    return to(Path.of(logDir));
  }

  private TensorBoard vary(Consumer<BoardOptions> change) {
    return new TensorBoard(logDir, options.with(change));
  }

  /// Writes histograms of all weights every so many epochs, from the first one on; 0 for none.
  public TensorBoard histogramFreq(int epochs) {
    Refusal.unlessAtLeast(NAME, "histogramFreq", epochs, 0, "Use 1 for every epoch, 0 for none.");
    return vary(with -> with.histogramFreq = epochs);
  }

  /// Whether the epochs with histograms of weights have those of gradients too, under
  /// `<weight>/gradient`: of the loss over the epoch's first batch, just after its step. Costs
  /// about one step for each such epoch. Not in Keras 3.
  public TensorBoard writeGradients(boolean write) {
    return vary(with -> with.writeGradients = write);
  }

  /// Whether the model is written as a graph of layers; true without this.
  public TensorBoard writeGraph(boolean write) {
    return vary(with -> with.writeGraph = write);
  }

  /// Whether weights are written as images too, with their histograms: values from 0 to 1 as greys,
  /// others cut.
  public TensorBoard writeImages(boolean write) {
    return vary(with -> with.writeImages = write);
  }

  /// Whether it is written how many steps a second are done: in an epoch with its validation, and
  /// between the batches that are written.
  public TensorBoard writeStepsPerSecond(boolean write) {
    return vary(with -> with.writeStepsPerSecond = write);
  }

  /// Writes the figures of every so many batches, `batch_loss`, besides those of epochs, which are
  /// all written (Keras leaves some out where an epoch's steps are no multiple of this).
  public TensorBoard updateFreq(int batches) {
    Refusal.unlessAtLeast(
        NAME, "updateFreq", batches, 1, "Use 1 for every batch, \"epoch\" for none.");
    return vary(with -> with.updateFreq = batches);
  }

  /// `epoch` for epochs alone, `batch` for every batch.
  public TensorBoard updateFreq(String freq) {
    int batches =
        switch (freq) {
          case "epoch" -> 0;
          case "batch" -> 1;
          case String other ->
              throw Refusal.of(
                  NAME,
                  "\"epoch\", \"batch\" or a number of batches",
                  "updateFreq",
                  '"' + other + '"',
                  "Use updateFreq(100) for every hundredth batch.");
        };
    return vary(with -> with.updateFreq = batches);
  }

  /// Writes the vectors of all `Embedding` layers for the projector every so many epochs; 0 for
  /// none. They lie in `train`, since TensorBoard looks for them in runs.
  public TensorBoard embeddingsFreq(int epochs) {
    Refusal.unlessAtLeast(NAME, "embeddingsFreq", epochs, 0, "Use 1 for every epoch, 0 for none.");
    return vary(with -> with.embeddingsFreq = epochs);
  }

  /// A file with a label for each row of the embeddings, one a line.
  public TensorBoard embeddingsMetadata(Path file) {
    return metadata(Map.of("", file));
  }

  /// Such files by the names of the layers.
  public TensorBoard embeddingsMetadata(Map<String, Path> files) {
    return metadata(new LinkedHashMap<>(files));
  }

  private TensorBoard metadata(Map<String, Path> files) {
    files
        .values()
        .forEach(
            file -> {
              if (!Files.isReadable(file) || Files.isDirectory(file)) {
                throw Refusal.of(
                    NAME,
                    "a file that can be read",
                    "embeddingsMetadata",
                    file,
                    "Write it first: a label for each row of the embedding, one a line.");
              }
            });
    return vary(with -> with.embeddingsMetadata = files);
  }

  /// Puts the run into TensorBoard's table of hyperparameters: texts, numbers or booleans by name.
  public TensorBoard hparams(Map<String, ?> values) {
    HParams.start(values, "");
    return vary(with -> with.hparams = new LinkedHashMap<>(values));
  }

  @Override
  public boolean wantsBatches() {
    return run.map(BoardRun::wantsBatch).orElse(false);
  }

  @Override
  public void on(TrainingEvent event) {
    switch (event) {
      case TrainBegin begin -> {
        BoardRun board = new BoardRun(begin.training(), logDir, options);
        run = Optional.of(board);
        board.begin();
      }
      case EpochBegin begin -> run.ifPresent(board -> board.beginEpoch(begin.epoch()));
      case BatchEnd end -> run.ifPresent(board -> board.write(end));
      case EpochEnd end -> run.ifPresent(board -> board.write(end));
      case TrainEnd end -> {
        Optional<BoardRun> ended = run;
        run = Optional.empty();
        ended.ifPresent(board -> board.end(end));
      }
    }
  }
}
