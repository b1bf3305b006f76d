package io.kalamos.plots;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.callbacks.Callback;
import io.kalamos.callbacks.Training;
import io.kalamos.callbacks.TrainingEvent.EpochEnd;
import io.kalamos.callbacks.TrainingEvent.TrainBegin;
import io.kalamos.callbacks.TrainingEvent.TrainEnd;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.imageio.ImageIO;
import javax.swing.SwingUtilities;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveCurvesTest {
  /// The callbacks ask nothing of it.
  private static final Training NO_MATTER = null;

  @TempDir Path folder;

  private static SequencedMap<String, Double> logs(double loss, double validation) {
    var logs = new LinkedHashMap<String, Double>();
    logs.put("loss", loss);
    logs.put("accuracy", 1 - loss);
    logs.put("val_loss", validation);
    logs.put("learning_rate", 0.001);
    return logs;
  }

  private static void train(Callback callback, double... losses) {
    callback.on(new TrainBegin(NO_MATTER));
    for (int epoch = 0; epoch < losses.length; epoch++) {
      callback.on(new EpochEnd(NO_MATTER, epoch, logs(losses[epoch], losses[epoch] + 0.1)));
    }
    callback.on(new TrainEnd(NO_MATTER, logs(0, 0), Optional.empty()));
  }

  @Test
  void theFileGrowsWithTraining() throws IOException {
    var file = folder.resolve("live.png");
    var live = LiveCurves.toFile(file);
    live.on(new TrainBegin(NO_MATTER));
    live.on(new EpochEnd(NO_MATTER, 0, logs(0.9, 0.9)));
    long first = PlotsTest.count(ImageIO.read(file.toFile()), Look.TRAIN.getRGB());
    live.on(new EpochEnd(NO_MATTER, 1, logs(0.5, 0.7)));
    live.on(new TrainEnd(NO_MATTER, logs(0, 0), Optional.empty()));
    long both = PlotsTest.count(ImageIO.read(file.toFile()), Look.TRAIN.getRGB());
    assertTrue(both > first + 100, first + " and " + both);
    try (var files = Files.list(folder)) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void drawingTakesATenthOfTheTimeAndTheLastEpochIsDrawn() {
    var clock = new AtomicLong();
    var drawn = new ArrayList<Long>();
    var live = new LiveCurves(picture -> drawn.add(clock.getAndAdd(10)), warning -> {}, clock::get);
    live.on(new TrainBegin(NO_MATTER));
    for (int epoch = 0; epoch < 25; epoch++) {
      clock.set(20L * (epoch + 1));
      live.on(new EpochEnd(NO_MATTER, epoch, logs(0.5, 0.5)));
    }
    assertEquals(List.of(20L, 120L, 220L, 320L, 420L), drawn);
    live.on(new TrainEnd(NO_MATTER, logs(0, 0), Optional.empty()));
    assertEquals(6, drawn.size());
  }

  @Test
  void aPictureThatFailsIsSaidOnce() throws IOException {
    var file = Files.createFile(folder.resolve("file")).resolve("a.png");
    var warnings = new ArrayList<String>();
    train(LiveCurves.toFile(file).warnings(warnings::add), 0.5, 0.4, 0.3);
    assertEquals(
        List.of(
            "LiveCurves: expected to draw the curves, received problem=Picture.save: expected a"
                + " folder that can be written, received file="
                + file
                + " (FileAlreadyExistsException). Choose another folder, or make room on the disk."
                + " Training goes on without them."),
        warnings);
  }

  private static void drawLine(Graphics2D graphics) {
    graphics.setColor(Color.BLACK);
    graphics.fillRect(0, 40, 600, 20);
  }

  @Test
  void theWindowShowsThePictureInItsSize() throws Exception {
    var window = new CurveWindow();
    window.setSize(300, 400);
    window.show(new Picture(600, 100, LiveCurvesTest::drawLine));
    var image = new BufferedImage(300, 400, BufferedImage.TYPE_INT_RGB);
    SwingUtilities.invokeAndWait(() -> window.paint(image.createGraphics()));
    assertEquals(0xffffffff, image.getRGB(150, 10));
    assertTrue((image.getRGB(150, 25) & 0xff) < 200, "the line at half the size");
  }

  @Test
  void smallCurvesInTheTerminal() {
    var lines = new ArrayList<String>();
    train(TerminalCurve.to(lines::add).every(4), 0.9, 0.5, 0.3, 0.2, 0.1);
    assertEquals(
        List.of(
            "  loss           ▇▄▂▁  0.2000, best 0.2000 in epoch 4",
            "  val_loss       █▄▃▂  0.3000, best 0.3000 in epoch 4",
            "  accuracy       ▁▅▇█  0.8000, best 0.8000 in epoch 4",
            "  learning_rate  ▁▁▁▁  1.00e-03"),
        lines.subList(0, 4));
    assertEquals(
        List.of(
            "  loss           ▇▄▃▂▁  0.1000, best 0.1000 in epoch 5",
            "  val_loss       █▅▃▃▂  0.2000, best 0.2000 in epoch 5",
            "  accuracy       ▁▅▆▇█  0.9000, best 0.9000 in epoch 5",
            "  learning_rate  ▁▁▁▁▁  1.00e-03"),
        lines.subList(4, 8));
  }

  @Test
  void manyEpochsShareColumnsAndNoNumberIsAQuestion() {
    var lines = new ArrayList<String>();
    var losses = new double[100];
    for (int epoch = 0; epoch < 100; epoch++) {
      losses[epoch] = epoch == 0 ? Double.NaN : 1.0 / epoch;
    }
    train(TerminalCurve.to(lines::add).every(100), losses);
    assertEquals(4, lines.size());
    var curve = lines.getFirst().substring(17, 57);
    assertTrue(curve.startsWith("?"), curve);
    assertTrue(curve.endsWith("▁"), curve);
  }
}
