package io.kalamos.models;

import static io.kalamos.activations.Activations.RELU;
import static io.kalamos.activations.Activations.SOFTMAX;
import static io.kalamos.losses.Losses.SPARSE_CATEGORICAL_CROSSENTROPY;
import static io.kalamos.metrics.Metrics.ACCURACY;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.data.Samples;
import io.kalamos.engine.CounterRandom;
import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.BatchNormalization;
import io.kalamos.layers.Conv2D;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Dropout;
import io.kalamos.layers.Flatten;
import io.kalamos.layers.Input;
import io.kalamos.layers.MaxPooling2D;
import io.kalamos.layers.Rescaling;
import io.kalamos.optimizers.Adam;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TrainingTest {
  /// Bytes (samples, 8, 8, 1): the class is the quarter with the bright spot.
  static Samples spots(int count, long seed) {
    Tensor x = Tensor.zeros(DType.UINT8, Shape.of(count, 8, 8, 1));
    Tensor y = Tensor.zeros(DType.INT32, Shape.of(count));
    for (int i = 0; i < count; i++) {
      int label = i % 4;
      for (int p = 0; p < 64; p++) {
        int quarter = p / 32 * 2 + p % 8 / 4;
        float noise = CounterRandom.uniform(seed, 1, i, p);
        x.set(i * 64L + p, noise * 100 + (quarter == label ? 120 : 0));
      }
      y.set(i, label);
    }
    return Samples.of(x, y);
  }

  static Model network() {
    return Sequential.of(
        Input.of(8, 8, 1),
        Rescaling.of(1 / 255f),
        Conv2D.of(4, 3).activation(RELU),
        BatchNormalization.of().momentum(0.8),
        MaxPooling2D.of(2),
        Flatten.of(),
        Dropout.of(0.2),
        Dense.of(4).activation(SOFTMAX));
  }

  @ParameterizedTest
  @EnumSource(Precision.class)
  void learns(Precision precision) {
    Model model = network();
    model.compile(
        Compilation.of(Adam.of(0.01), SPARSE_CATEGORICAL_CROSSENTROPY, ACCURACY)
            .running(run -> run.precision(precision)));
    model.fit(spots(200, 3), fit -> fit.epochs(10).validationSplit(0.2).verbose(false));
    Scores scores = model.evaluate(spots(100, 9));
    assertTrue(scores.get("accuracy") > 0.95, scores.toString());
    Tensor p = model.predict(spots(5, 9).x().getFirst());
    assertEquals(Shape.of(5, 4), p.shape());
  }
}
