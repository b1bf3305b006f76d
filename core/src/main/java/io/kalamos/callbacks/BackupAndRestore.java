package io.kalamos.callbacks;

import io.kalamos.callbacks.TrainingEvent.BatchEnd;
import io.kalamos.callbacks.TrainingEvent.EpochBegin;
import io.kalamos.callbacks.TrainingEvent.EpochEnd;
import io.kalamos.callbacks.TrainingEvent.TrainBegin;
import io.kalamos.callbacks.TrainingEvent.TrainEnd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Goes on with a training that was interrupted, to the same bits as if it had not been; Keras's
/// `BackupAndRestore`.
///
/// After each epoch all that training needs is written into the folder: weights, the optimizer's
/// state, the learning rate, the place in the data, what callbacks such as [EarlyStopping]
/// remember, the [History]. The same program, started again, finds it and begins with the next
/// epoch; what was done of the epoch in which it was interrupted is done again. The backup before
/// the last one stays too, for a disk that fails. A training that comes to its end deletes both.
///
/// Another seed, batch size or model is refused; another number of threads is told, since sums in
/// another order differ in their last bits. Each training needs a folder of its own.
///
/// @param deleteCheckpoint whether the backup goes when training has come to its end
public record BackupAndRestore(Path folder, boolean deleteCheckpoint) implements Callback {
  private static final String NAME = "BackupAndRestore";

  public static BackupAndRestore to(Path folder) {
    return new BackupAndRestore(folder, true);
  }

  public static BackupAndRestore to(String folder) {
    return to(Path.of(folder));
  }

  public BackupAndRestore deleteCheckpoint(boolean deleteCheckpoint) {
    return new BackupAndRestore(folder, deleteCheckpoint);
  }

  /// The backup.
  public Path file() {
    return folder.resolve("latest.run");
  }

  private Path previous() {
    return folder.resolve("previous.run");
  }

  @Override
  public void on(TrainingEvent event) {
    switch (event) {
      case TrainBegin begin -> begin(begin.training());
      case EpochEnd end -> end.training().backUp(file(), previous());
      case TrainEnd end when end.training().finished() && deleteCheckpoint -> delete();
      case EpochBegin _, BatchEnd _, TrainEnd _ -> {}
    }
  }

  private void begin(Training training) {
    Folders.prepare(NAME, folder);
    try {
      training.resume(file(), previous());
    } catch (IOException e) {
      throw new UncheckedIOException(NAME + ": " + e.getMessage(), e);
    }
  }

  private void delete() {
    try {
      Files.deleteIfExists(file());
      Files.deleteIfExists(previous());
      try (var rest = Files.list(folder)) {
        if (rest.findAny().isEmpty()) {
          Files.delete(folder);
        }
      }
    } catch (IOException e) {
      throw Folders.unwritable(NAME, "a folder from which can be deleted", "folder", folder, e);
    }
  }
}
