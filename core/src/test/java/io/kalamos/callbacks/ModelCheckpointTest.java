package io.kalamos.callbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCheckpointTest {
  @TempDir Path folder;

  private List<String> files(Path place) throws IOException {
    try (var files = Files.list(place)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void savesEachEpochUnderItsName() throws IOException {
    ModelCheckpoint checkpoint =
        ModelCheckpoint.to(folder.resolve("run/a") + "/{epoch:02d}-{val_loss:.2f}.weights");
    FakeTraining training = new FakeTraining(2, "loss", "val_loss");
    training.run(checkpoint, new double[] {1, 0.456}, new double[] {1, 12});
    assertEquals(List.of("01-0.46.weights", "02-12.00.weights"), files(folder.resolve("run/a")));
    assertEquals("weights of 1", Files.readString(folder.resolve("run/a/02-12.00.weights")));
    assertEquals(Optional.of(folder.resolve("run/a/02-12.00.weights")), checkpoint.file());
    assertEquals(List.of("val_loss"), checkpoint.monitored());
  }

  @Test
  void savesTheBestOnly() throws IOException {
    Path file = folder.resolve("best.weights");
    ModelCheckpoint checkpoint = ModelCheckpoint.to(file).monitor("val_accuracy").saveBestOnly();
    FakeTraining training = new FakeTraining(4, "val_accuracy");
    training.run(checkpoint, FakeTraining.rows(0.5, 0.9, 0.9, 0.8));
    assertEquals("weights of 1", Files.readString(file));
    assertEquals(List.of("val_accuracy"), checkpoint.monitored());
    assertEquals(List.of("best.weights"), files(folder));
  }

  @Test
  void savesOnlyWhatBeatsTheThreshold() {
    Path file = folder.resolve("best.weights");
    ModelCheckpoint checkpoint =
        ModelCheckpoint.to(file).saveBestOnly().mode(Mode.MIN).initialValueThreshold(0.5);
    new FakeTraining(2, "val_loss").run(checkpoint, FakeTraining.rows(0.6, 0.55));
    assertFalse(Files.exists(file));
    assertEquals(Optional.empty(), checkpoint.file());
  }

  @Test
  void needsNoMonitorWhereAllAreSaved() {
    assertEquals(List.of(), ModelCheckpoint.to("x.weights").monitored());
  }

  @Test
  void placesAreWrittenAsKerasWritesThem() {
    FakeTraining training = new FakeTraining(1, "loss");
    for (var row :
        List.of(
            new String[] {"{epoch}-{loss}", "7-0.125"},
            new String[] {"{epoch:3d}|{loss:.1e}", "  7|1.3e-01"},
            new String[] {"{epoch:.1f}_{loss:07.3f}$1\\", "7.0_000.125$1\\"})) {
      assertEquals(Path.of(row[1]), FilePattern.of("x", row[0]).file("x", 6, training.logs(0.125)));
    }
  }

  @Test
  void patternsThatCannotBeWritten() {
    for (String file :
        List.of("{}", "{epoch", "epoch}", "{loss:02d}", "{loss:x}", "{loss:.2f", " ", "{a{b}}")) {
      assertEquals(
          "ModelCheckpoint: expected a file name with places such as {epoch:02d} or"
              + " {val_loss:.2f}, received file="
              + file
              + ". Write whole numbers with d, others with f, e or g.",
          assertThrows(IllegalArgumentException.class, () -> ModelCheckpoint.to(file))
              .getMessage());
    }
  }

  @Test
  void unknownFiguresInTheName() {
    ModelCheckpoint checkpoint = ModelCheckpoint.to(folder.resolve("{acc:.2f}"));
    assertEquals(List.of("acc"), checkpoint.monitored());
    assertEquals(
        "ModelCheckpoint: expected a name out of loss, received monitor=acc. Did you mean loss?",
        assertThrows(
                IllegalArgumentException.class,
                () -> new FakeTraining(1, "loss").run(checkpoint, new double[] {1}))
            .getMessage());
  }

  /// Found out at the begin, when no epoch was trained yet.
  @Test
  void placesThatCannotBeWritten() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    unwritable(
        "ModelCheckpoint: expected a folder that can be written, received folder="
            + file
            + " ("
            + file
            + " is a file). Choose another place, or change its permissions or the space left.",
        ModelCheckpoint.to(file.resolve("best.weights")));
    unwritable(
        "ModelCheckpoint: expected a file that can be written, received file="
            + folder
            + " (is a folder). Choose another place, or change its permissions or the space left.",
        ModelCheckpoint.to(folder));
    assertEquals(List.of("file"), files(folder));
  }

  private static void unwritable(String message, Callback callback) {
    FakeTraining training = new FakeTraining(1, "val_loss");
    assertEquals(
        message,
        assertThrows(UncheckedIOException.class, () -> training.run(callback)).getMessage());
  }

  @Test
  void aFullDisk() {
    Path file = folder.resolve("best.weights");
    FakeTraining training = new FakeTraining(1, "val_loss");
    training.failure = new FileSystemException(file.toString(), null, "No space left on device");
    assertEquals(
        "ModelCheckpoint: expected a file that can be written, received file="
            + file
            + " (No space left on device). Choose another place, or change its permissions or the"
            + " space left.",
        assertThrows(
                UncheckedIOException.class,
                () -> training.run(ModelCheckpoint.to(file), new double[] {1}))
            .getMessage());
  }

  @Test
  void wrongOptions() {
    assertEquals(
        "ModelCheckpoint: expected a finite initialValueThreshold, received"
            + " initialValueThreshold=NaN. Leave it out for none.",
        assertThrows(
                IllegalArgumentException.class,
                () -> ModelCheckpoint.to("x").initialValueThreshold(Double.NaN))
            .getMessage());
    assertEquals(
        "ModelCheckpoint: expected a mode, as the name does not tell whether less or more is"
            + " better, received monitor=speed. Add mode(Mode.MIN) or mode(Mode.MAX).",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    new FakeTraining(1, "speed")
                        .run(
                            ModelCheckpoint.to(folder.resolve("x"))
                                .monitor("speed")
                                .saveBestOnly()))
            .getMessage());
  }

  @Test
  void namesOfWholeModelsHoldWholeModels() throws IOException {
    for (String name : List.of("a.keras", "a.h5", "a.hdf5", "a.H5")) {
      run(ModelCheckpoint.to(folder.resolve(name)), name, "model of 0");
    }
    for (String name : List.of("a.weights.h5", "a.weights", "a")) {
      run(ModelCheckpoint.to(folder.resolve(name)), name, "weights of 0");
    }
    run(ModelCheckpoint.to(folder.resolve("a.h5")).saveWeightsOnly(), "a.h5", "weights of 0");
  }

  private void run(ModelCheckpoint checkpoint, String file, String content) throws IOException {
    new FakeTraining(1, "loss").run(checkpoint, new double[] {1});
    assertEquals(content, Files.readString(folder.resolve(file)));
    Files.delete(folder.resolve(file));
    assertEquals(List.of(), files(folder), "nothing else is left");
  }

  /// What no file can hold is found out before anything was trained.
  @Test
  void wholeModelsAreWrittenOnceBeforeTheFirstEpoch() throws IOException {
    FakeTraining training = new FakeTraining(1, "loss");
    training.failure = new IOException("no such layer");
    Path file = folder.resolve("best.keras");
    assertEquals(
        "ModelCheckpoint: expected a file that can be written, received file="
            + file
            + " (no such layer). Choose another place, or change its permissions or the space"
            + " left.",
        assertThrows(
                UncheckedIOException.class,
                () -> training.run(ModelCheckpoint.to(file), new double[] {1}))
            .getMessage());
    assertEquals(-1, training.epoch);
    assertEquals(List.of(), files(folder));
  }

  @Test
  void savesEveryFewBatches() throws IOException {
    ModelCheckpoint checkpoint =
        ModelCheckpoint.to(folder + "/{epoch}-{batch:03d}-{loss:.1f}.weights").saveFreq(3);
    assertEquals(List.of("loss"), checkpoint.monitored());
    assertEquals(true, checkpoint.wantsBatches());
    FakeTraining training = new FakeTraining(2, "loss", "val_loss");
    checkpoint.on(new TrainingEvent.TrainBegin(training));
    for (int batch = 0; batch < 8; batch++) {
      checkpoint.on(
          new TrainingEvent.BatchEnd(training, batch / 5, batch % 5, training.logs(batch)));
    }
    checkpoint.on(new TrainingEvent.EpochEnd(training, 0, training.logs(1, 1)));
    assertEquals(List.of("1-003-2.0.weights", "2-001-5.0.weights"), files(folder));
    assertEquals(
        "ModelCheckpoint: expected a figure of a batch where saveFreq is set, received"
            + " figure=val_loss. Watch or name one of [loss], or leave out saveFreq.",
        assertThrows(
                IllegalArgumentException.class,
                () -> new FakeTraining(1, "loss", "val_loss").run(checkpoint.saveBestOnly()))
            .getMessage());
    assertEquals(
        "ModelCheckpoint: expected saveFreq of 1 or more, received saveFreq=0. Leave it out for"
            + " every epoch.",
        assertThrows(IllegalArgumentException.class, () -> checkpoint.saveFreq(0)).getMessage());
    assertEquals(
        "ModelCheckpoint: expected a file name such as best.weights.h5 for weights alone, received"
            + " file=a.keras. Rename it, or leave out saveWeightsOnly.",
        assertThrows(
                IllegalArgumentException.class,
                () -> ModelCheckpoint.to("a.keras").saveWeightsOnly())
            .getMessage());
  }
}
