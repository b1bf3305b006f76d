package io.kalamos.labs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.callbacks.TrainingEvent.EpochBegin;
import io.kalamos.callbacks.TrainingEvent.EpochEnd;
import io.kalamos.engine.Tensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What is counted, timed and averaged.
class StatisticsTest {
  @Test
  void medianMeanDeviation() {
    assertEquals(2, Statistics.median(List.of(9.0, 1.0, 2.0)));
    assertEquals(3, Statistics.median(List.of(1.0, 5.0)));
    assertTrue(Double.isNaN(Statistics.median(List.of(Double.NaN, 1.0, Double.NaN))));
    assertEquals(1, Statistics.median(List.of(Double.NaN, 1.0, 0.0)));
    assertEquals(2, Statistics.mean(List.of(1.0, 3.0)));
    assertEquals(Math.sqrt(2), Statistics.deviation(List.of(1.0, 3.0)), 1e-12);
    assertEquals(0, Statistics.deviation(List.of(1.0)));
  }

  @Test
  void clockLeavesValidationOut() {
    long[] now = {0};
    var clock = new StepClock(0.9, () -> now[0]);
    double[] accuracies = {0.8, 0.91, 0.95};
    for (int epoch = 0; epoch < 3; epoch++) {
      clock.on(new EpochBegin(null, epoch));
      for (int step = 0; step < 4; step++) {
        now[0] += 500_000_000L;
        assertEquals(false, clock.wantsBatches());
      }
      now[0] += 70_000_000_000L; // validation
      var logs = new LinkedHashMap<>(Map.of("val_accuracy", accuracies[epoch]));
      clock.on(new EpochEnd(null, epoch, logs));
    }
    assertEquals(6, clock.seconds(), 1e-9);
    assertEquals(4, clock.secondsToTarget(), 1e-9);
  }

  @Test
  void votesAreMeans() {
    var votes = new Votes(Tensor.of(new byte[] {1, 0}, 2));
    votes.add(Tensor.of(new float[] {0.6f, 0.4f, 0.9f, 0.1f}, 2, 2), Optional.empty());
    assertEquals("1, accuracy 0.5000", votes.toString());
    votes.add(Tensor.of(new float[] {0.2f, 0.8f, 0.7f, 0.3f}, 2, 2), Optional.empty());
    assertEquals("2, accuracy 1.0000", votes.toString());
    assertEquals(0.4, votes.mean().get(0), 1e-6);
    assertTrue(Double.isNaN(votes.fontAccuracy()));
  }

  private static LabResult result(double accuracy, boolean complete) {
    var step = LabStep.of("a", "A", 5, 2).original("accuracy", 0.9).tolerance("accuracy", 0.1);
    var figures = new LinkedHashMap<String, Object>(Map.of("accuracy", accuracy));
    var file = Path.of("f");
    return new LabResult("lab", step, 5, 2, 2, complete, accuracy * 10, figures, file, file);
  }

  @Test
  void medianOfResults() {
    var median =
        LabResult.median(List.of(result(0.7, true), result(0.9, true), result(0.85, false)));
    assertEquals(0.85, median.figure("accuracy"));
    assertEquals(List.of(0.7, 0.9, 0.85), median.figures().get("each"));
    assertEquals(3, median.figures().get("seeds"));
    assertEquals(8.5, median.seconds());
    assertEquals(false, median.complete());
    assertEquals("yes", median.reached());
    assertEquals("no", result(0.79, true).reached());
    assertEquals(0.9, median.asMap().get("original_accuracy"));
  }

  @Test
  void stepsHaveExactlyTheirParameters() {
    var problem =
        assertThrows(
            IllegalStateException.class,
            () -> LabStep.of("a", "A", 7_851, 1).model("x", HowManyNeurons.layers(0), 0));
    assertEquals(
        "lab x, step a: expected 7851 parameters, received countParams=7850. A layer has changed:"
            + " its figures cannot be compared.",
        problem.getMessage());
    for (var recipe : DigitRecipe.all()) {
      var one = LabStep.of("one", "", recipe.parametersOfOne(), 1);
      assertEquals(one.parameters(), one.model("mnist-99", recipe.layers(), 0).countParams());
    }
    for (int neurons : new int[] {0, 1, 64}) {
      var one = LabStep.of("one", "", HowManyNeurons.parameters(neurons), 1);
      one.model(HowManyNeurons.NAME, HowManyNeurons.layers(neurons), 0);
    }
  }
}
