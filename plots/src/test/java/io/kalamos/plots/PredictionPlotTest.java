package io.kalamos.plots;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.engine.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictionPlotTest {
  private static final Tensor IMAGES = Tensor.of(new float[3 * 4], 3, 2, 2);
  private static final Tensor LABELS = Tensor.of(new int[] {0, 1, 1}, 3);
  private static final Tensor PROBABILITIES =
      Tensor.of(new float[] {0.75f, 0.25f, 0.5625f, 0.4375f, 0.875f, 0.125f}, 3, 2);

  @TempDir Path folder;

  @Test
  void errorsComeFirstTheSurestInFront() {
    var grid = PredictionGrid.DEFAULTS;
    var plain = PredictionPlot.of(IMAGES, LABELS, PROBABILITIES, grid);
    assertEquals(List.of(0, 1, 2), plain.shown());
    assertEquals("2 of 3 wrong", plain.heading());
    var errors = PredictionPlot.of(IMAGES, LABELS, PROBABILITIES, grid.errorsFirst(true).most(2));
    assertEquals(List.of(2, 1), errors.shown());
    assertEquals("2 of 3 wrong, 2 shown", errors.heading());
  }

  @Test
  void wrongOnesAreRed() throws IOException {
    for (int wrong = 0; wrong < 2; wrong++) {
      var labels = Tensor.of(new int[] {0, wrong == 0 ? 0 : 1, 0}, 3);
      Plots.predictions(IMAGES, labels, PROBABILITIES, "cat", "dog")
          .dpi(72)
          .save(folder.resolve("p.png"));
      var png = ImageIO.read(folder.resolve("p.png").toFile());
      long red = PlotsTest.count(png, Look.WRONG.getRGB());
      assertTrue(wrong == 0 ? red == 0 : red > 4 * 84, "red: " + red);
    }
  }

  @Test
  void coloursStayColours() throws IOException {
    Plots.images(Tensor.of(new float[] {1, 0.5f, 0}, 1, 1, 1, 3), List.of())
        .dpi(72)
        .save(folder.resolve("c.png"));
    var png = ImageIO.read(folder.resolve("c.png").toFile());
    assertEquals(0xffff8000, png.getRGB(100, 100));
  }

  @Test
  void classesAreReadFromAllThatModelsGive() {
    var sigmoid = Classes.of("", "p", Tensor.of(new float[] {0.25f, 0.75f}, 2, 1));
    assertArrayEquals(new int[] {0, 1}, sigmoid.classes());
    assertArrayEquals(new double[] {0.75, 0.75}, sigmoid.probabilities());
    var logits = Classes.of("", "p", Tensor.of(new float[] {-3, 8, 2}, 1, 3));
    assertArrayEquals(new int[] {1}, logits.classes());
    assertTrue(Double.isNaN(logits.probabilities()[0]));
    var numbers = Classes.of("", "p", Tensor.of(new float[] {7, 3}, 2));
    assertArrayEquals(new int[] {7, 3}, numbers.classes());
    assertEquals(8, numbers.count());
  }
}
