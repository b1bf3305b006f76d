package io.kalamos.models;

import static io.kalamos.activations.Activations.RELU;
import static io.kalamos.activations.Activations.SIGMOID;
import static io.kalamos.losses.Losses.BINARY_CROSSENTROPY;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kalamos.data.Samples;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Input;
import io.kalamos.metrics.AUC;
import io.kalamos.metrics.Metrics;
import io.kalamos.optimizers.SGD;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Threads take batches of their own where there are many.
class EvaluationTest {
  private static final int ROWS = 1003;

  private final Tensor x = ModelTest.random(4, ROWS, 6);
  private final Tensor y = labels();

  private static Tensor labels() {
    Tensor labels = ModelTest.random(5, ROWS, 1);
    labels.fill(i -> i * 7 % 3 == 0 ? 1 : 0);
    return labels;
  }

  private static Model model(int threads) {
    Model model =
        Sequential.of(Input.of(6), Dense.of(5).activation(RELU), Dense.of(1).activation(SIGMOID));
    model.compile(
        Compilation.of(SGD.of(0.1), BINARY_CROSSENTROPY, Metrics.ACCURACY, AUC.of())
            .running(run -> run.seed(3).threads(threads)));
    return model;
  }

  /// With batches of 10 they are more than are kept at once; the last ones are shorter.
  @ParameterizedTest
  @ValueSource(ints = {10, 100, 200})
  void threadsDoNotMatter(int batch) {
    Samples samples = Samples.of(x, y).weights(ModelTest.random(6, ROWS));
    Scores alone = model(1).evaluate(samples, batch);
    for (int threads : new int[] {2, 5}) {
      assertEquals(alone.values(), model(threads).evaluate(samples, batch).values());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void theBatchesAreThoseOfTheData(int threads) {
    Model model = model(threads);
    double sum = 0;
    for (int from = 0; from < ROWS; from += 100) {
      int to = Math.min(ROWS, from + 100);
      Scores part = model.testOnBatch(x.rows(from, to), y.rows(from, to));
      sum += part.get("loss") * (to - from);
    }
    assertEquals(sum / ROWS, model.evaluate(Samples.of(x, y), 100).get("loss"), 1e-9);
  }
}
