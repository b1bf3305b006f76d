package io.kalamos.callbacks;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.callbacks.TrainingEvent.BatchEnd;
import io.kalamos.callbacks.TrainingEvent.EpochBegin;
import io.kalamos.callbacks.TrainingEvent.EpochEnd;
import io.kalamos.callbacks.TrainingEvent.TrainBegin;
import io.kalamos.callbacks.TrainingEvent.TrainEnd;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final FakeTraining training = new FakeTraining(3, "loss", "accuracy");
  private long now = -5_000_000_000_000L;
  private Charset charset = UTF_8;

  private ProgressBar bar(boolean live) {
    return new ProgressBar(new PrintStream(bytes, true, charset), live, () -> now);
  }

  private String shown() {
    String text = bytes.toString(charset).replace(System.lineSeparator(), "\n");
    bytes.reset();
    return text;
  }

  private void pass(double milliseconds) {
    now += (long) (milliseconds * 1e6);
  }

  private void batch(ProgressBar bar, int batch) {
    if (bar.wantsBatches()) {
      bar.on(new BatchEnd(training, 0, batch, training.logs(0.25, 0.9)));
    }
  }

  @Test
  void withoutATerminalOneLineForEachEpoch() {
    ProgressBar bar = bar(false);
    bar.on(new TrainBegin(training));
    bar.on(new EpochBegin(training, 1));
    pass(938);
    assertFalse(bar.wantsBatches());
    bar.on(new EpochEnd(training, 1, training.logs(0.25, 0.00098)));
    bar.on(new TrainEnd(training, training.logs(), Optional.empty()));
    assertEquals(
        "Epoch 2/3 - 469/469 - 1s - 2ms/step - loss: 0.2500 - accuracy: 9.8000e-04\n", shown());
  }

  @Test
  void onATerminalTheLineIsWrittenAnew() {
    ProgressBar bar = bar(true);
    bar.on(new TrainBegin(training));
    bar.on(new EpochBegin(training, 0));
    assertEquals("Epoch 1/3\n", shown());
    pass(1000);
    batch(bar, 233);
    assertEquals(
        "\r234/469 ━━━━━━━━━────────────1s".replace("────────────1s", "─────────── 1s")
            + " left, 234 steps/s - loss: 0.2500 - accuracy: 0.9000",
        shown());
    pass(1000);
    bar.on(new EpochEnd(training, 0, training.logs(0.125)));
    assertEquals(
        "\r469/469 ━━━━━━━━━━━━━━━━━━━━ 2s 4ms/step - loss: 0.1250" + " ".repeat(28) + "\n",
        shown());
  }

  @Test
  void atMostTenTimesASecond() {
    ProgressBar bar = bar(true);
    bar.on(new TrainBegin(training));
    bar.on(new EpochBegin(training, 0));
    shown();
    int shows = 0;
    for (int step = 0; step < 469; step++) {
      pass(2);
      batch(bar, step);
      shows += shown().isEmpty() ? 0 : 1;
    }
    assertEquals(10, shows);
  }

  /// A trainer that asks once, before training, is told that batches are wanted.
  @Test
  void wantsTheFirstBatch() {
    assertTrue(bar(true).wantsBatches());
    assertFalse(bar(false).wantsBatches());
  }

  @Test
  void plainCharactersWhereTheTerminalHasNoOthers() {
    charset = US_ASCII;
    ProgressBar bar = bar(true);
    bar.on(new EpochBegin(training, 0));
    shown();
    pass(10_000);
    batch(bar, 46);
    assertEquals(
        "\r 47/469 ==.................. 1:30 left, 4.7 steps/s - loss: 0.2500 - accuracy: 0.9000",
        shown());
  }

  @Test
  void saysWhyItStopped() {
    ProgressBar bar = bar(true);
    bar.on(new EpochBegin(training, 0));
    pass(100);
    batch(bar, 0);
    shown();
    bar.on(new TrainEnd(training, training.logs(), Optional.of("Ctrl-C")));
    assertEquals("\nStopped: Ctrl-C\n", shown());
  }
}
