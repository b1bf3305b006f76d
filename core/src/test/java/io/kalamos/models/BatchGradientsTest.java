package io.kalamos.models;

import static io.kalamos.losses.Losses.SPARSE_CATEGORICAL_CROSSENTROPY;
import static io.kalamos.metrics.Metrics.ACCURACY;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kalamos.callbacks.Callback;
import io.kalamos.callbacks.LambdaCallback;
import io.kalamos.data.Samples;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.BatchNormalization;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Flatten;
import io.kalamos.layers.Input;
import io.kalamos.layers.Rescaling;
import io.kalamos.optimizers.Adam;
import io.kalamos.optimizers.SGD;
import io.kalamos.regularizers.L2;
import io.kalamos.schedules.ExponentialDecay;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What a callback may ask of a batch that is done.
class BatchGradientsTest {
  private static final double RATE = 0.5;

  private static Model dense() {
    return Sequential.of(
        Input.of(8, 8, 1),
        Rescaling.of(1 / 255.0),
        Flatten.of(),
        Dense.of(6).kernelRegularizer(L2.of(0.01)),
        BatchNormalization.of(),
        Dense.of(4).named("frozen"),
        Dense.of(4).named("logits"));
  }

  /// All samples are one batch, so that plain descent moves each weight by rate times gradient.
  @Test
  void theNextStepOfTheSameBatchFollowsThem() {
    Samples all = TrainingTest.spots(40, 5);
    try (Model model = dense()) {
      model.trainable("frozen", false);
      model.compile(
          SGD.of(RATE),
          io.kalamos.losses.SparseCategoricalCrossentropy.of().fromLogits(true),
          ACCURACY);
      List<Map<String, Tensor>> gradients = new ArrayList<>();
      List<Tensor> weights = new ArrayList<>();
      Callback asks =
          LambdaCallback.of()
              .onTrainBatchEnd(
                  end -> {
                    gradients.add(end.training().gradients());
                    model.weights().forEach((path, weight) -> weights.add(weight.copy()));
                  });
      model.fit(
          all, fit -> fit.batchSize(40).epochs(2).shuffle(false).verbose(false).callbacks(asks));
      List<String> paths = List.copyOf(model.weights().keySet());
      assertEquals(
          List.of(
              "dense/kernel",
              "dense/bias",
              "batch_normalization/gamma",
              "batch_normalization/beta",
              "logits/kernel",
              "logits/bias"),
          List.copyOf(gradients.getFirst().keySet()));
      gradients
          .getFirst()
          .forEach(
              (path, gradient) -> {
                int at = paths.indexOf(path);
                double[] expected = weights.get(at).toDoubles();
                double[] slope = gradient.toDoubles();
                for (int i = 0; i < expected.length; i++) {
                  expected[i] -= RATE * slope[i];
                }
                double[] next = weights.get(paths.size() + at).toDoubles();
                assertArrayEquals(expected, next, 1e-6, path);
              });
    }
  }

  @Test
  void trainingHasTheSameBitsWhetherSomebodyAsksOrNot() {
    assertEquals(trained(false), trained(true));
  }

  private static String trained(boolean asking) {
    Callback asks =
        LambdaCallback.of()
            .onTrainBatchEnd(
                end -> {
                  if (asking) {
                    end.training().gradients();
                  }
                });
    try (Model model = TrainingTest.network()) {
      model.compile(Adam.of(0.01), SPARSE_CATEGORICAL_CROSSENTROPY, ACCURACY);
      model.fit(
          TrainingTest.spots(100, 3),
          fit -> fit.batchSize(32).epochs(3).validationSplit(0.2).verbose(false).callbacks(asks));
      StringBuilder bits = new StringBuilder();
      for (Tensor weight : model.getWeights()) {
        for (float value : weight.toFloats()) {
          bits.append(Float.floatToRawIntBits(value)).append(' ');
        }
      }
      return bits.toString();
    }
  }

  @Test
  void theyAreOfABatch() {
    try (Model model = TrainingTest.network()) {
      model.compile(Adam.of(), SPARSE_CATEGORICAL_CROSSENTROPY);
      Callback early = LambdaCallback.of().onEpochEnd(end -> end.training().gradients());
      IllegalStateException problem =
          assertThrows(
              IllegalStateException.class,
              () ->
                  model.fit(TrainingTest.spots(8, 1), fit -> fit.verbose(false).callbacks(early)));
      assertEquals(
          "gradients: expected a callback that handles BatchEnd, received event=another one. Ask"
              + " there, and let wantsBatches say true.",
          problem.getMessage());
    }
  }

  @Test
  void aRunKnowsItsModelStepsAndNextRate() {
    List<Double> rates = new ArrayList<>();
    List<Long> steps = new ArrayList<>();
    try (Model model = TrainingTest.network()) {
      model.compile(
          Adam.of(new ExponentialDecay(0.1, 1, 0.5, false)), SPARSE_CATEGORICAL_CROSSENTROPY);
      Callback looks =
          LambdaCallback.of()
              .onEpochEnd(
                  end -> {
                    assertEquals(model, end.training().model());
                    rates.add(end.training().learningRate());
                    rates.add(end.training().nextLearningRate());
                    steps.add(end.training().iterations());
                  });
      for (int run = 0; run < 2; run++) {
        model.fit(
            TrainingTest.spots(8, 1), fit -> fit.batchSize(4).verbose(false).callbacks(looks));
      }
    }
    assertEquals(List.of(2L, 4L), steps);
    assertArrayEquals(
        new double[] {0.05, 0.025, 0.0125, 0.00625},
        rates.stream().mapToDouble(rate -> rate).toArray(),
        1e-9);
  }
}
