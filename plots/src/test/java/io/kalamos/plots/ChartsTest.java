package io.kalamos.plots;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.engine.Tensor;
import io.kalamos.layers.BatchNormalization;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Dropout;
import io.kalamos.layers.Input;
import io.kalamos.models.Model;
import io.kalamos.models.Sequential;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChartsTest {
  @TempDir Path folder;

  private BufferedImage drawn(Picture picture) throws IOException {
    picture.dpi(72).save(folder.resolve("a.svg"));
    picture.dpi(72).save(folder.resolve("a.png"));
    return ImageIO.read(folder.resolve("a.png").toFile());
  }

  @Test
  void learningRates() throws IOException {
    var falling = LearningRatePlot.of(step -> Math.pow(10, -3 - step / 2500.0), 10_000);
    assertEquals("Learning rate: 0.001 to 1e-7, over 10,000 steps", falling.heading());
    var png = drawn(falling.picture());
    assertEquals(760, png.getWidth());
    // a straight line on a logarithmic axis: its middle is in the middle
    assertEquals(
        Look.TRAIN.getRGB(), png.getRGB(84 + (760 - 84 - 28) / 2, 46 + (460 - 46 - 60) / 2));
    var epochs = LearningRatePlot.of((epoch, rate) -> epoch == 2 ? 4 * rate : rate / 2, 4, 0.4);
    assertArrayEquals(new double[] {0.2, 0.1, 0.4, 0.2}, epochs.rates());
    assertEquals("Learning rate: 0.2 to 0.2, at most 0.4, over 4 epochs", epochs.heading());
    drawn(epochs.picture());
    drawn(Plots.learningRate(step -> 0, 1));
  }

  @Test
  void learningRateFinderMarksTheSuggestion() throws IOException {
    var png =
        drawn(
            Plots.learningRateFinder(
                List.of(1e-4, 1e-3, 1e-2, 1e-1, 1.0),
                List.of(2.3, 2.0, 0.5, 900.0, Double.NaN),
                3e-3));
    assertTrue(PlotsTest.count(png, Look.VALIDATION.getRGB()) > 100);
  }

  @Test
  void sweepFindsTheSmallestNetwork() throws IOException {
    var sweep =
        SweepPlot.of(
            List.of(
                new SweepPoint("8 neurons", 6370, List.of(0.91, 0.93)),
                new SweepPoint("1 neuron", 805, List.of(0.2, 0.3, 0.4)),
                new SweepPoint("4 neurons", 3190, List.of(0.95, 0.8))),
            0.95,
            0.9);
    assertEquals(Optional.of("8 neurons"), sweep.smallest(0.9).map(SweepPoint::label));
    assertEquals(Optional.empty(), sweep.smallest(0.95));
    assertEquals("1 neuron", sweep.points().getFirst().label());
    assertTrue(PlotsTest.count(drawn(sweep.picture()), Look.VALIDATION.getRGB()) > 50);
    drawn(Plots.sweep(List.of(new SweepPoint("one", 5, List.of(1.0)))));
  }

  @Test
  void confusionCounts() throws IOException {
    var labels = Tensor.of(new int[] {0, 0, 0, 2}, 4);
    var predictions = Tensor.of(new float[] {9, 1, 0, 0, 9, 1, 7, 5, 1, 0, 0, 1}, 4, 3);
    var matrix = ConfusionMatrix.of(labels, predictions, List.of());
    assertArrayEquals(new long[][] {{2, 1, 0}, {0, 0, 0}, {0, 0, 1}}, matrix.counts());
    var png = drawn(Plots.confusionMatrix(labels, predictions, "cat", "dog", "a long name"));
    long right = PlotsTest.count(png, Look.TRAIN.getRGB());
    assertTrue(right > 54 * 54 / 2, "the cell of the last class is full");
    var shade = Look.between(Color.WHITE, Look.VALIDATION, 0.08 + 0.92 * Math.sqrt(1 / 3.0));
    assertTrue(PlotsTest.count(png, shade.getRGB()) > 54 * 54 / 2, "a third of the first row");
  }

  @Test
  void parameterShares() throws IOException {
    Model model =
        Sequential.of(
            Input.of(9), Dense.of(10), BatchNormalization.of(), Dropout.of(0.1), Dense.of(3));
    model.trainable("dense_1", false);
    var share = ParameterShare.of(model);
    assertEquals(
        List.of(
            new ParameterShare.Bar("dense", 100, 0),
            new ParameterShare.Bar("batch_normalization", 20, 20),
            new ParameterShare.Bar("dense_1", 0, 33)),
        share.bars());
    assertEquals(2, share.without());
    var png = drawn(share.picture());
    long grey = PlotsTest.count(png, Look.BEST.getRGB());
    assertEquals((0.2 + 0.33) * 380 * 22, grey, 0.1 * grey);
  }
}
