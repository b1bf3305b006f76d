package io.kalamos.callbacks;

import io.kalamos.callbacks.TrainingEvent.BatchEnd;
import io.kalamos.callbacks.TrainingEvent.EpochBegin;
import io.kalamos.callbacks.TrainingEvent.EpochEnd;
import io.kalamos.callbacks.TrainingEvent.TrainBegin;
import io.kalamos.callbacks.TrainingEvent.TrainEnd;
import io.kalamos.options.Refusal;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Writes the weights to a file after each epoch, or after each that is better than all before;
/// Keras's `ModelCheckpoint`.
///
/// A file is there whole or not at all. A place that cannot be written is an error before the first
/// epoch.
public final class ModelCheckpoint implements Callback {
  private static final String NAME = "ModelCheckpoint";

  private final FilePattern pattern;
  private final Monitor monitor;
  private final boolean bestOnly;
  private final Optional<Double> initialValueThreshold;

  private Optional<Double> best = Optional.empty();
  private Optional<Path> file = Optional.empty();

  private ModelCheckpoint(
      FilePattern pattern, Monitor monitor, boolean bestOnly, Optional<Double> threshold) {
    this.pattern = pattern;
    this.monitor = monitor;
    this.bestOnly = bestOnly;
    this.initialValueThreshold = threshold;
    threshold.ifPresent(
        value ->
            Refusal.unlessFinite(NAME, "initialValueThreshold", value, "Leave it out for none."));
  }

  /// Writes to this file, whose name may have places such as `{epoch:02d}` (from 1) and
  /// `{val_loss:.2f}`; folders that are missing are created.
  public static ModelCheckpoint to(String file) {
    return new ModelCheckpoint(
        FilePattern.of(NAME, file),
        new Monitor(NAME, "val_loss", Mode.AUTO, 0),
        false,
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
    return new ModelCheckpoint(pattern, other, bestOnly, initialValueThreshold);
  }

  public ModelCheckpoint saveBestOnly() {
    return new ModelCheckpoint(pattern, monitor, true, initialValueThreshold);
  }

  /// Only what is better than this value is the best.
  public ModelCheckpoint initialValueThreshold(double value) {
    return new ModelCheckpoint(pattern, monitor, bestOnly, Optional.of(value));
  }

  @Override
  public List<String> monitored() {
    Stream<String> monitors = bestOnly ? Stream.of(monitor.name()) : Stream.empty();
    return Stream.concat(monitors, pattern.names().stream()).distinct().toList();
  }

  /// The file that was written last.
  public Optional<Path> file() {
    return file;
  }

  @Override
  public void on(TrainingEvent event) {
    switch (event) {
      case TrainBegin _ -> begin();
      case EpochEnd end -> look(end);
      case EpochBegin _, BatchEnd _, TrainEnd _ -> {}
    }
  }

  private void begin() {
    if (bestOnly) {
      monitor.direction();
    }
    best = initialValueThreshold;
    file = Optional.empty();
    Folders.prepare(NAME, pattern.folder());
    if (pattern.places().isEmpty() && Files.isDirectory(Path.of(pattern.text()))) {
      throw unwritable(
          Path.of(pattern.text()), new FileSystemException(pattern.text(), null, "is a folder"));
    }
  }

  private void look(EpochEnd end) {
    if (bestOnly) {
      if (monitor.rests(end)) {
        return;
      }
      double value = monitor.of(end.logs());
      if (!monitor.improves(value, best)) {
        return;
      }
      best = Optional.of(value);
    }
    Path target = pattern.file(NAME, end.epoch(), end.logs());
    try {
      Files.createDirectories(target.toAbsolutePath().getParent());
      end.training().saveWeights(target);
    } catch (IOException e) {
      throw unwritable(target, e);
    }
    file = Optional.of(target);
  }

  private static RuntimeException unwritable(Path target, IOException cause) {
    return Folders.unwritable(NAME, "a file that can be written", "file", target, cause);
  }
}
