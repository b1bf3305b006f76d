package io.kalamos.models;

import static io.kalamos.activations.Activations.RELU;
import static io.kalamos.losses.Losses.MEAN_SQUARED_ERROR;
import static io.kalamos.models.ModelTest.box;
import static io.kalamos.models.ModelTest.random;
import static io.kalamos.models.ModelTest.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.callbacks.BackupAndRestore;
import io.kalamos.callbacks.CSVLogger;
import io.kalamos.callbacks.Callback;
import io.kalamos.callbacks.EarlyStopping;
import io.kalamos.callbacks.History;
import io.kalamos.callbacks.ModelCheckpoint;
import io.kalamos.callbacks.ReduceLROnPlateau;
import io.kalamos.callbacks.SwapEMAWeights;
import io.kalamos.callbacks.TrainingEvent;
import io.kalamos.callbacks.TrainingEvent.BatchEnd;
import io.kalamos.data.Data;
import io.kalamos.data.Dataset;
import io.kalamos.data.Samples;
import io.kalamos.layers.BatchNormalization;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Dropout;
import io.kalamos.layers.Input;
import io.kalamos.metrics.Metrics;
import io.kalamos.optimizers.Adam;
import io.kalamos.optimizers.Optimizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A training that was interrupted and goes on, against one that was not.
class BackupTest {
  private static final Samples LINE = Samples.of(random(1, 90, 3), random(2, 90, 2));
  private static final int EPOCHS = 7;

  @TempDir Path folder;
  private Path backup;
  private final List<String> log = new ArrayList<>();

  @BeforeEach
  void name() {
    backup = folder.resolve("backup");
  }

  private Model model() {
    return model(Adam.of(0.01).useEma(true), 8);
  }

  private Model model(Optimizer optimizer, int units) {
    Model model =
        Sequential.of(
            Input.of(3),
            Dense.of(units).activation(RELU),
            BatchNormalization.of(),
            Dropout.of(0.3),
            Dense.of(2));
    model.compile(
        Compilation.of(optimizer, MEAN_SQUARED_ERROR, Metrics.named("mae"))
            .running(run -> run.seed(1L << 40 | 5).threads(2).log(log::add)));
    return model;
  }

  /// Ends training as a crash does, at a step.
  private record Crash(int epoch, int batch) implements Callback {
    @Override
    public boolean wantsBatches() {
      return true;
    }

    @Override
    public void on(TrainingEvent event) {
      if (event instanceof BatchEnd end && end.epoch() == epoch && end.batch() == batch) {
        throw new IllegalStateException("crash");
      }
    }
  }

  /// Everything that remembers something, in the order that a user may have it in.
  private List<Callback> callbacks(String name) {
    return List.of(
        EarlyStopping.on("val_loss").patience(20).restoreBestWeights(),
        CSVLogger.to(folder.resolve(name + ".csv")),
        BackupAndRestore.to(backup),
        SwapEMAWeights.of().swapOnEpoch(true),
        ReduceLROnPlateau.on("loss").patience(1).minDelta(0.05).factor(0.5),
        ModelCheckpoint.to(folder.resolve(name + ".weights")).monitor("loss").saveBestOnly());
  }

  private History fit(Model model, Data data, List<Callback> callbacks, UnaryOperator<Fit> more) {
    UnaryOperator<Fit> options =
        fit ->
            more.apply(
                fit.epochs(EPOCHS).verbose(false).callbacks(callbacks.toArray(Callback[]::new)));
    return switch (data) {
      case Samples samples -> model.fit(samples, options);
      case Dataset dataset -> model.fit(dataset, options);
    };
  }

  private static String weights(Model model) {
    return model.getWeights().stream().map(ModelTest::box).toList().toString();
  }

  private static List<Callback> with(List<Callback> callbacks, Callback last) {
    List<Callback> all = new ArrayList<>(callbacks);
    all.add(last);
    return all;
  }

  @Test
  void goesOnToTheSameBits() throws IOException {
    UnaryOperator<Fit> options = fit -> fit.batchSize(16).validationSplit(0.2);
    Model whole = model();
    History wanted = fit(whole, LINE, callbacks("whole"), options);
    assertFalse(Files.exists(backup), "a training that came to its end leaves no backup");
    for (Crash crash : List.of(new Crash(3, 2), new Crash(5, 0))) {
      assertThrows(
          IllegalStateException.class,
          () -> fit(model(), LINE, with(callbacks("parts"), crash), options));
    }
    assertTrue(Files.exists(backup.resolve("latest.run")));
    Model parts = model().initialize(77);
    History history = fit(parts, LINE, callbacks("parts"), options);
    assertEquals(wanted.metrics(), history.metrics());
    assertEquals(wanted.epochs(), history.epochs());
    assertEquals(weights(whole), weights(parts));
    assertEquals(
        box(whole.optimizerState().slots().get("dense/kernel/momentum")),
        box(parts.optimizerState().slots().get("dense/kernel/momentum")));
    assertEquals(
        Files.readString(folder.resolve("whole.csv")),
        Files.readString(folder.resolve("parts.csv")));
    assertEquals(
        -1,
        Files.mismatch(folder.resolve("whole.weights"), folder.resolve("parts.weights")),
        "the best weights");
    assertEquals(
        List.of(
            "note: goes on with epoch 4 from " + backup.resolve("latest.run"),
            "note: goes on with epoch 6 from " + backup.resolve("latest.run")),
        log.stream().filter(line -> line.contains("goes on with epoch")).toList());
  }

  /// An epoch of some steps ends in the middle of a pass, of which nobody knows the length.
  @Test
  void goesOnInTheMiddleOfAPass() {
    Dataset data =
        Dataset.of(LINE).cache().filter(e -> e.input().get(0) > -0.8).shuffle(30, 4).batch(8);
    for (Dataset dataset : List.of(data, data.repeat(), data.prefetch(2))) {
      UnaryOperator<Fit> options = fit -> fit.stepsPerEpoch(4);
      List<Callback> callbacks = List.of(BackupAndRestore.to(backup));
      Model whole = model();
      History wanted = fit(whole, dataset, List.of(), options);
      assertThrows(
          IllegalStateException.class,
          () -> fit(model(), dataset, with(callbacks, new Crash(4, 1)), options));
      Model parts = model();
      History history = fit(parts, dataset, callbacks, options);
      assertEquals(wanted.metrics(), history.metrics());
      assertEquals(weights(whole), weights(parts));
    }
  }

  @Test
  void whatCameToAnEndIsDeletedUnlessItIsKept() {
    Callback stop = EarlyStopping.on("loss").patience(1).minDelta(100);
    fit(model(), LINE, List.of(BackupAndRestore.to(backup), stop), fit -> fit);
    assertFalse(Files.exists(backup));
    BackupAndRestore kept = BackupAndRestore.to(backup).deleteCheckpoint(false);
    Model model = model();
    fit(model, LINE, List.of(kept), fit -> fit);
    assertTrue(Files.exists(kept.file()));
    Model again = model();
    History history = fit(again, LINE, List.of(kept), fit -> fit);
    assertEquals(EPOCHS, history.epochs().size());
    assertEquals(EPOCHS * 3, again.optimizerState().iterations());
    Model more = model();
    fit(more, LINE, List.of(kept), fit -> fit.epochs(EPOCHS + 2));
    Model straight = model();
    fit(straight, LINE, List.of(), fit -> fit.epochs(EPOCHS + 2));
    assertEquals((EPOCHS + 2) * 3, more.optimizerState().iterations());
    assertEquals(weights(straight), weights(more));
  }

  @Test
  void anInterruptedTrainingKeepsItsBackup() {
    Callback interrupt =
        event -> {
          if (event instanceof TrainingEvent.EpochBegin begin && begin.epoch() == 2) {
            Thread other = new Thread(() -> begin.training().stop("interrupted"));
            other.start();
            try {
              other.join();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }
        };
    fit(model(), LINE, List.of(BackupAndRestore.to(backup), interrupt), fit -> fit);
    assertTrue(Files.exists(backup.resolve("latest.run")));
    Model parts = model();
    fit(parts, LINE, List.of(BackupAndRestore.to(backup)), fit -> fit);
    Model whole = model();
    fit(whole, LINE, List.of(), fit -> fit);
    assertEquals(weights(whole), weights(parts));
  }

  private Path crashed() {
    assertThrows(
        IllegalStateException.class,
        () ->
            fit(model(), LINE, List.of(BackupAndRestore.to(backup), new Crash(3, 1)), fit -> fit));
    log.clear();
    return backup.resolve("latest.run");
  }

  private void goOn(Model model, UnaryOperator<Fit> options) {
    fit(model, LINE, List.of(BackupAndRestore.to(backup)), options);
  }

  @Test
  void aDamagedBackupIsReplacedByTheOneBefore() throws IOException {
    Path file = crashed();
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    Model parts = model();
    goOn(parts, fit -> fit);
    assertEquals(2, log.size(), log::toString);
    assertTrue(log.getFirst().startsWith("warning: backup " + file + ": expected checksum "));
    assertTrue(log.getFirst().endsWith(" Using " + backup.resolve("previous.run") + "."));
    assertEquals(
        "note: goes on with epoch 3 from " + backup.resolve("previous.run"), log.getLast());
    Model whole = model();
    fit(whole, LINE, List.of(), fit -> fit);
    assertEquals(weights(whole), weights(parts));
  }

  @Test
  void anotherTrainingIsRefused() {
    Path file = crashed();
    String before = weights(model());
    String rest =
        " as in the backup %s, received %s. Train with the same model and options, or delete the"
            + " backup to begin anew.";
    refused(
        "BackupAndRestore: expected batchSize=32" + rest.formatted(file, "batchSize=16"),
        () -> goOn(model(), fit -> fit.batchSize(16)));
    refused(
        "BackupAndRestore: expected shuffle=1" + rest.formatted(file, "shuffle=0"),
        () -> goOn(model(), fit -> fit.shuffle(false)));
    refused(
        "BackupAndRestore: dense/kernel: expected shape (3, 9), received shape=(3, 8). Give the"
            + " values of a model with the same layers.",
        () -> goOn(model(Adam.of(), 9), fit -> fit));
    Model larger = Sequential.of(Input.of(3), Dense.of(4), Dense.of(2), Dense.of(2));
    larger.compile(
        Compilation.of(Adam.of(), MEAN_SQUARED_ERROR)
            .running(run -> run.seed(1L << 40 | 5).log(log::add)));
    assertThrows(IllegalArgumentException.class, () -> goOn(larger, fit -> fit));
    Model refusing = model();
    assertThrows(IllegalArgumentException.class, () -> goOn(refusing, fit -> fit.batchSize(16)));
    assertEquals(before, weights(refusing), "nothing was changed");
    Model other = model();
    other.compile(
        Compilation.of(Adam.of(), MEAN_SQUARED_ERROR).running(run -> run.seed(5).log(log::add)));
    refused(
        "BackupAndRestore: expected seed (high half)=256"
            + rest.formatted(file, "seed (high half)=0"),
        () -> goOn(other, fit -> fit));
    assertEquals(List.of(), log);
  }

  @Test
  void anotherNumberOfThreadsIsTold() {
    crashed();
    Model one = model();
    one.compile(
        Compilation.of(Adam.of(0.01).useEma(true), MEAN_SQUARED_ERROR)
            .running(run -> run.seed(1L << 40 | 5).threads(1).log(log::add)));
    goOn(one, fit -> fit);
    assertEquals(
        "note: BackupAndRestore: the backup was made on threads=2, training goes on with"
            + " threads=1: sums are added up in another order, so that the last bits differ.",
        log.getFirst());
  }

  /// Files from outside: each ends in a message, none in memory for what it only claims to hold.
  @Test
  void hostileFiles() throws IOException {
    hostile("begin=other bytes", new byte[40]);
    hostile("version=9", head(9, 1).array());
    hostile("tensors=-1", head(1, -1).array());
    hostile("size=16 bytes", Arrays.copyOf(head(1, 2).array(), 16));
    hostile("bytes=3", head(1, 1).put(named()).put((byte) 3).array());
    hostile("axes=200", head(1, 1).put(named()).put((byte) 4).put((byte) 200).array());
    hostile(
        "size=2147483647",
        head(1, 1).put(named()).put((byte) 4).put((byte) 1).putInt(Integer.MAX_VALUE).array());
    hostile(
        "size=60",
        head(1, 1).put(named()).put((byte) 4).put((byte) 2).putInt(20).putInt(60).array());
    hostile("size=-5", head(1, 1).put(named()).put((byte) 4).put((byte) 1).putInt(-5).array());
  }

  private static ByteBuffer head(int version, int tensors) {
    return ByteBuffer.allocate(300)
        .put("KALAMOSR".getBytes(StandardCharsets.US_ASCII))
        .putInt(version)
        .putInt(tensors);
  }

  private static byte[] named() {
    return new byte[] {0, 1, 'x'};
  }

  private void hostile(String received, byte[] bytes) throws IOException {
    Files.createDirectories(backup);
    Path file = Files.write(backup.resolve("latest.run"), bytes);
    var refused = assertThrows(UncheckedIOException.class, () -> goOn(model(), fit -> fit));
    String message = refused.getMessage();
    assertTrue(message.startsWith("BackupAndRestore: backup " + file + ": expected "), message);
    assertTrue(
        message.endsWith(
            ", received "
                + received
                + ". The file is truncated, damaged or of another kind; delete it to begin anew."),
        message);
  }

  @Test
  void withoutABackupNothingChanges() {
    Model one = model();
    fit(one, LINE, List.of(), fit -> fit);
    Model other = model();
    fit(other, LINE, List.of(BackupAndRestore.to(backup.toString())), fit -> fit);
    assertEquals(weights(one), weights(other));
    assertNotEquals(weights(model()), weights(one));
    assertEquals(List.of(), log);
  }
}
