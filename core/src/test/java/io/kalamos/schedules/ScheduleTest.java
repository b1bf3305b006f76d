package io.kalamos.schedules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kalamos.golden.Golden;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScheduleTest {
  record Row(String name, LearningRateSchedule schedule) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> rows() {
    return List.of(
        new Row("exponential", ExponentialDecay.of(0.1, 10, 0.5)),
        new Row("staircase", ExponentialDecay.of(0.1, 10, 0.5).staircase(true)),
        new Row("cosine", CosineDecay.of(0.1, 20)),
        new Row("cosine_alpha", CosineDecay.of(0.1, 20).alpha(0.1)),
        new Row("cosine_warmup", CosineDecay.of(0.01, 20).warmup(0.1, 10)),
        new Row("piecewise", PiecewiseConstantDecay.of(List.of(10L, 20L), List.of(1.0, 0.5, 0.1))));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void ratesAreThoseOfKeras(Row row) {
    double[] steps = Golden.values("schedule.steps");
    double[] rates = Golden.values("schedule." + row.name);
    for (int i = 0; i < steps.length; i++) {
      assertEquals(rates[i], row.schedule.at((long) steps[i]), 1e-7, "step " + steps[i]);
    }
  }

  @Test
  void aConstantRateStays() {
    assertEquals(0.3, LearningRateSchedule.constant(0.3).at(1_000_000));
  }

  @Test
  void messages() {
    refuses(
        "ExponentialDecay: expected decaySteps of 1 or more, received decaySteps=0. Give the"
            + " steps after which decayRate applies once.",
        () -> ExponentialDecay.of(0.1, 0, 0.5));
    refuses(
        "ExponentialDecay: expected a finite decayRate above 0, received decayRate=-1.0. Use a"
            + " factor such as 0.96 for every decaySteps.",
        () -> ExponentialDecay.of(0.1, 1, -1));
    refuses(
        "ExponentialDecay: expected a finite initialLearningRate above 0, received"
            + " initialLearningRate=NaN. Start from 1e-3 for Adam.",
        () -> ExponentialDecay.of(Double.NaN, 1, 0.5));
    refuses(
        "CosineDecay: expected decaySteps of 1 or more, received decaySteps=-5. Give the"
            + " steps of training, epochs * steps per epoch.",
        () -> CosineDecay.of(0.1, -5));
    refuses(
        "CosineDecay: expected a finite alpha of 0 or more, received alpha=-0.1. Give the last rate"
            + " as a part of the first, such as 0.1.",
        () -> CosineDecay.of(0.1, 5).alpha(-0.1));
    refuses(
        "CosineDecay: expected a finite warmupTarget above 0, received warmupTarget=0.0. Give the"
            + " highest rate, such as 1e-3.",
        () -> CosineDecay.of(0.1, 5).warmup(0, 3));
    refuses(
        "PiecewiseConstantDecay: expected one value more than boundaries=[10], received"
            + " values=[0.1]. Give the rate before the first boundary and after each.",
        () -> PiecewiseConstantDecay.of(List.of(10L), List.of(0.1)));
    refuses(
        "PiecewiseConstantDecay: expected boundaries that rise, received boundaries=[10, 10]. Sort"
            + " them, each step once.",
        () -> PiecewiseConstantDecay.of(List.of(10L, 10L), List.of(0.1, 0.2, 0.3)));
    refuses(
        "PiecewiseConstantDecay: expected a finite value above 0, received value=0.0. Give learning"
            + " rates, such as 1e-3.",
        () -> PiecewiseConstantDecay.of(List.of(10L), List.of(0.1, 0.0)));
  }

  private static void refuses(String message, Runnable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong::run).getMessage());
  }
}
