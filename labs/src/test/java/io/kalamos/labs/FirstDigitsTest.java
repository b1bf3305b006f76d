package io.kalamos.labs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kalamos.datasets.LabeledImages;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Normalization;
import java.util.List;
import org.junit.jupiter.api.Test;

class FirstDigitsTest {
  @Test
  void pixelStatistics() {
    var images = Tensor.of(new byte[] {0, 10, 0, (byte) 250}, 2, 1, 2);
    var statistics = PixelStatistics.of(new LabeledImages(images, Tensor.of(new byte[] {1, 2}, 2)));
    assertEquals(0, statistics.mean()[0]);
    assertEquals(130, statistics.mean()[1]);
    assertEquals(0, statistics.deviation()[0]);
    assertEquals(120, statistics.deviation()[1]);
  }

  /// Keras has to open the models' files.
  @Test
  void normalisationsHaveOneAxis() {
    var images =
        new LabeledImages(Tensor.of(new byte[28 * 28], 1, 28, 28), Tensor.of(new byte[1], 1));
    for (var step : LadderSteps.ALL) {
      for (var layer : LadderSteps.layers(step, images)) {
        if (layer instanceof Normalization normalization) {
          assertEquals(List.of(-1), normalization.axis(), step.name());
        }
      }
    }
  }

  @Test
  void oneHotRefusesOtherClasses() {
    var message =
        assertThrows(
                IllegalArgumentException.class,
                () -> FirstDigits.oneHot(Tensor.of(new byte[] {3, 10}, 2), 10))
            .getMessage();
    assertEquals(
        "labels: expected classes 0 to 9, received labels[1]=10. Give the labels of digits.",
        message);
  }
}
