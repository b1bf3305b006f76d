package io.kalamos.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kalamos.engine.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The matrix against counts by hand, and what its report makes of them.
class ConfusionMatrixTest {
  private static final Tensor SCORES =
      Tensor.of(
          new float[] {.8f, .1f, .1f, .2f, .7f, .1f, .3f, .3f, .4f, .6f, .3f, .1f, .1f, .2f, .7f},
          5,
          3);
  private static final Tensor LABELS = Tensor.of(new int[] {0, 1, 1, 1, 2}, 5);

  @Test
  void rowsAreTargetsAndColumnsPredictions() {
    double[] wanted = {1, 0, 0, 1, 1, 1, 0, 0, 1};
    Metric matrix = ConfusionMatrix.of(3);
    assertArrayEquals(wanted, matrix.compute(LABELS, SCORES).toDoubles());
    assertArrayEquals(wanted, matrix.compute(LABELS.reshape(5, 1), SCORES).toDoubles());
    float[] oneHot = new float[15];
    for (int i = 0; i < 5; i++) {
      oneHot[i * 3 + (int) LABELS.get(i)] = 1;
    }
    assertArrayEquals(wanted, matrix.compute(Tensor.of(oneHot, 5, 3), SCORES).toDoubles());
  }

  @Test
  void weightsAreAddedUpOverBatches() {
    MetricState state = MetricState.of(ConfusionMatrix.of(3));
    Tensor weights = Tensor.of(new float[] {2, 1, 0.5f, 1, 0}, 5);
    state.update(LABELS, SCORES, weights);
    state.update(LABELS, SCORES, weights);
    assertArrayEquals(new double[] {4, 0, 0, 2, 2, 1, 0, 0, 0}, state.result().toDoubles());
  }

  @Test
  void oneOutputHasTwoClasses() {
    Tensor chances = Tensor.of(new float[] {.9f, .2f, .6f, .4f}, 4, 1);
    Tensor truth = Tensor.of(new int[] {1, 0, 0, 1}, 4);
    Tensor matrix = ConfusionMatrix.of(2).compute(truth, chances);
    assertArrayEquals(new double[] {1, 1, 1, 1}, matrix.toDoubles());
  }

  @Test
  void reportOfEachClass() {
    Tensor matrix = ConfusionMatrix.of(3).compute(LABELS, SCORES);
    ClassReport report = ClassReport.of(matrix, List.of("a", "bb", "c"));
    assertEquals(0.6, report.accuracy(), 1e-12);
    assertEquals(new ClassReport.Line("a", 0.5, 1, 2 / 3.0, 1), report.classes().get(0));
    assertEquals(new ClassReport.Line("bb", 1, 1 / 3.0, 0.5, 3), report.classes().get(1));
    assertEquals(
        List.of(new ClassReport.Mistake("bb", "a", 1), new ClassReport.Mistake("bb", "c", 1)),
        report.mistakes());
    assertEquals(
        """
                      precision  recall      f1  support
                   a     0.5000  1.0000  0.6667        1
                  bb     1.0000  0.3333  0.5000        3
                   c     0.5000  1.0000  0.6667        1
            accuracy                     0.6000
           macro avg     0.6667  0.7778  0.6111        5
        weighted avg     0.8000  0.6000  0.5667        5
        """,
        report.toString());
    assertEquals("2", ClassReport.of(matrix).classes().get(2).name());
  }
}
