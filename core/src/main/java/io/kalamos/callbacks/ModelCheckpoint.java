package io.kalamos.callbacks;

import io.kalamos.callbacks.TrainingEvent.BatchEnd;
import io.kalamos.callbacks.TrainingEvent.EpochBegin;
import io.kalamos.callbacks.TrainingEvent.EpochEnd;
import io.kalamos.callbacks.TrainingEvent.TrainBegin;
import io.kalamos.callbacks.TrainingEvent.TrainEnd;
import io.kalamos.engine.Tensor;
import io.kalamos.models.ModelFormat;
import io.kalamos.options.Refusal;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/// Writes the model to a file after each epoch, or after each that is better than all before;
/// Keras's `ModelCheckpoint`.
///
/// `best.keras` and `best.h5` become whole models, from which training can go on; `best.weights.h5`
/// weights in Keras's layout; any other name weights in our own.
///
/// A file is there whole or not at all. A place that cannot be written, or a model that no file can
/// hold, is an error before the first epoch.
public final class ModelCheckpoint implements Callback {
  private static final String NAME = "ModelCheckpoint";

  private final FilePattern pattern;
  private final Monitor monitor;
  private final boolean bestOnly;
  private final boolean weightsOnly;
  private final Optional<Integer> saveFreq;
  private final Optional<Double> initialValueThreshold;

  private Optional<Double> best = Optional.empty();
  private Optional<Path> file = Optional.empty();
  private int batches;

  private ModelCheckpoint(
      FilePattern pattern,
      Monitor monitor,
      boolean bestOnly,
      boolean weightsOnly,
      Optional<Integer> saveFreq,
      Optional<Double> threshold) {
    this.pattern = pattern;
    this.monitor = monitor;
    this.bestOnly = bestOnly;
    this.weightsOnly = weightsOnly;
    this.saveFreq = saveFreq;
    this.initialValueThreshold = threshold;
    threshold.ifPresent(
        value ->
            Refusal.unlessFinite(NAME, "initialValueThreshold", value, "Leave it out for none."));
    saveFreq.ifPresent(
        n -> Refusal.unlessAtLeast(NAME, "saveFreq", n, 1, "Leave it out for every epoch."));
    if (weightsOnly && pattern.text().endsWith(".keras")) {
      throw Refusal.of(
          NAME,
          "a file name such as best.weights.h5 for weights alone",
          "file",
          pattern.text(),
          "Rename it, or leave out saveWeightsOnly.");
    }
  }

  /// Writes to this file, whose name may have places such as `{epoch:02d}` (from 1) and
  /// `{val_loss:.2f}`; folders that are missing are created.
  public static ModelCheckpoint to(String file) {
    return new ModelCheckpoint(
        FilePattern.of(NAME, file),
        new Monitor(NAME, "val_loss", Mode.AUTO, 0),
        false,
        false,
        Optional.empty(),
        Optional.empty());
  }

  public static ModelCheckpoint to(Path file) {
    return to(file.toString());
  }

  /// The figure that tells what is best.
  public ModelCheckpoint monitor(String monitor) {
    return with(this.monitor.monitor(monitor));
  }

  public ModelCheckpoint mode(Mode mode) {
    return with(monitor.mode(mode));
  }

  private ModelCheckpoint with(Monitor other) {
    return new ModelCheckpoint(
        pattern, other, bestOnly, weightsOnly, saveFreq, initialValueThreshold);
  }

  public ModelCheckpoint saveBestOnly() {
    return new ModelCheckpoint(
        pattern, monitor, true, weightsOnly, saveFreq, initialValueThreshold);
  }

  /// Writes weights also where the file's name is that of a whole model, such as `best.h5`.
  public ModelCheckpoint saveWeightsOnly() {
    return new ModelCheckpoint(pattern, monitor, bestOnly, true, saveFreq, initialValueThreshold);
  }

  /// Saves after every so many batches instead of after each epoch. The name may have a place
  /// `{batch}` then, counted from 1 in each epoch; there are no figures of validation.
  public ModelCheckpoint saveFreq(int batches) {
    return new ModelCheckpoint(
        pattern, monitor, bestOnly, weightsOnly, Optional.of(batches), initialValueThreshold);
  }

  /// Only what is better than this value is the best.
  public ModelCheckpoint initialValueThreshold(double value) {
    return new ModelCheckpoint(
        pattern, monitor, bestOnly, weightsOnly, saveFreq, Optional.of(value));
  }

  @Override
  public List<String> monitored() {
    Stream<String> monitors = bestOnly ? Stream.of(monitor.name()) : Stream.empty();
    Stream<String> names =
        pattern.names().stream()
            .filter(name -> saveFreq.isEmpty() || !name.equals(FilePattern.BATCH));
    return Stream.concat(monitors, names).distinct().toList();
  }

  @Override
  public boolean wantsBatches() {
    return saveFreq.isPresent();
  }

  /// The file that was written last.
  public Optional<Path> file() {
    return file;
  }

  @Override
  public void on(TrainingEvent event) {
    switch (event) {
      case TrainBegin begin -> begin(begin.training());
      case EpochEnd end -> {
        if (saveFreq.isEmpty() && !(bestOnly && monitor.rests(end))) {
          look(end.training(), end.epoch(), end.logs());
        }
      }
      case BatchEnd end -> {
        if (saveFreq.isPresent() && ++batches >= saveFreq.get()) {
          batches = 0;
          SequencedMap<String, Double> logs = new LinkedHashMap<>(end.logs());
          logs.put(FilePattern.BATCH, end.batch() + 1.0);
          look(end.training(), end.epoch(), logs);
        }
      }
      case EpochBegin _, TrainEnd _ -> {}
    }
  }

  @Override
  public SequencedMap<String, Tensor> memory() {
    Memory memory = new Memory();
    memory.put("best", best);
    memory.put("batches", Optional.of((double) batches));
    return memory.all();
  }

  @Override
  public void remember(SequencedMap<String, Tensor> all) {
    Memory memory = new Memory(all);
    best = memory.number("best");
    batches = memory.number("batches").orElse(0.0).intValue();
  }

  private void begin(Training training) {
    if (bestOnly) {
      monitor.direction();
    }
    best = initialValueThreshold;
    file = Optional.empty();
    batches = 0;
    if (saveFreq.isPresent()) {
      onlyOfBatches(training);
    }
    Folders.prepare(NAME, pattern.folder());
    if (pattern.places().isEmpty() && Files.isDirectory(Path.of(pattern.text()))) {
      throw unwritable(
          Path.of(pattern.text()), new FileSystemException(pattern.text(), null, "is a folder"));
    }
    rehearse(training);
  }

  /// Figures that only an epoch has.
  private void onlyOfBatches(Training training) {
    for (String name : monitored()) {
      if (name.startsWith("val_")) {
        throw Refusal.of(
            NAME,
            "a figure of a batch where saveFreq is set",
            "figure",
            name,
            "Watch or name one of "
                + training.logNames().stream().filter(n -> !n.startsWith("val_")).toList()
                + ", or leave out saveFreq.");
      }
    }
  }

  /// Writes a whole model once before the first epoch: what no file can hold shall not end a night
  /// of training.
  private void rehearse(Training training) {
    Path target = Path.of(pattern.text());
    Optional<ModelFormat> format = wholeModel(target);
    if (format.isEmpty()) {
      return;
    }
    Path trial = pattern.folder().resolve(".rehearsal-" + ProcessHandle.current().pid());
    trial = Path.of(trial + (format.get() == ModelFormat.KERAS ? ".keras" : ".h5"));
    try {
      training.saveModel(trial);
      Files.deleteIfExists(trial);
    } catch (IOException e) {
      throw unwritable(target, e);
    }
  }

  private Optional<ModelFormat> wholeModel(Path file) {
    return weightsOnly ? Optional.empty() : ModelFormat.of(file);
  }

  private void look(Training training, int epoch, SequencedMap<String, Double> logs) {
    if (bestOnly) {
      double value = monitor.of(logs);
      if (!monitor.improves(value, best)) {
        return;
      }
      best = Optional.of(value);
    }
    Path target = pattern.file(NAME, epoch, logs);
    try {
      Files.createDirectories(target.toAbsolutePath().getParent());
      if (wholeModel(target).isPresent()) {
        training.saveModel(target);
      } else {
        training.saveWeights(target);
      }
    } catch (IOException e) {
      throw unwritable(target, e);
    }
    file = Optional.of(target);
  }

  private static RuntimeException unwritable(Path target, IOException cause) {
    return Folders.unwritable(NAME, "a file that can be written", "file", target, cause);
  }
}
