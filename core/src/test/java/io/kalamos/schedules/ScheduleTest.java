package io.kalamos.schedules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kalamos.golden.Golden;
import java.util.List;
import java.util.stream.LongStream;
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
  void aWarmupStandsInFrontOfASchedule() {
    Warmup warmup = Warmup.of(ExponentialDecay.of(0.1, 10, 0.5), 4).initialLearningRate(0.02);
    assertEquals(
        List.of(0.02, 0.04, 0.06, 0.08, 0.1, 0.05),
        LongStream.of(0, 1, 2, 3, 4, 14).mapToObj(step -> rounded(warmup.at(step))).toList());
    assertEquals(0.3, Warmup.of(0.3, 5).at(5));
    assertEquals(0, Warmup.of(0.3, 5).at(0));
  }

  private static double rounded(double value) {
    return Math.round(value * 1e9) / 1e9;
  }

  /// From a 25th of the highest rate up in 30 steps and down to 1e-4 of the first.
  @Test
  void oneCycle() {
    OneCycle cycle = OneCycle.of(0.5, 100);
    assertEquals(0.02, cycle.at(0), 1e-12);
    assertEquals((0.02 + 0.5) / 2, cycle.at(15), 1e-12, "half way up");
    assertEquals(0.5, cycle.at(30), 1e-12);
    assertEquals(0.02e-4, cycle.at(99), 1e-12);
    assertEquals(0.02e-4, cycle.at(5000), 1e-12);
    for (int step = 1; step < 100; step++) {
      assertEquals(step <= 30, cycle.at(step) > cycle.at(step - 1), "step " + step);
    }
    OneCycle other = cycle.rise(0.5).divFactor(5).finalDivFactor(10);
    assertEquals(0.1, other.at(0), 1e-12);
    assertEquals(0.5, other.at(50), 1e-12);
    assertEquals(0.01, other.at(99), 1e-12);
    OneCycle short2 = OneCycle.of(0.5, 2);
    assertEquals(0.02, short2.at(0), 1e-12);
    assertEquals(0.5, short2.at(1), 1e-12);
  }

  @Test
  void aWarmupMayBeginAtNothing() {
    CosineDecay decay = CosineDecay.of(0, 20).warmup(0.1, 10);
    assertEquals(0, decay.at(0));
    assertEquals(0.1, decay.at(10), 1e-12);
    assertEquals(0, CosineDecay.of(0, 20).at(0), "as in Keras, a rate of nothing is no error");
  }

  @Test
  void messages() {
    refuses(
        "PolynomialDecay: expected a finite endLearningRate of 0 or more, received"
            + " endLearningRate=-1.0. Keras's default is 0.0001.",
        () -> PolynomialDecay.of(0.1, 5).endLearningRate(-1));
    refuses(
        "PolynomialDecay: expected a finite power above 0, received power=0.0. Use 1 for a straight"
            + " line.",
        () -> PolynomialDecay.of(0.1, 5).power(0));
    refuses(
        "PolynomialDecay: expected decaySteps of 1 or more, received decaySteps=0. Give the steps"
            + " of training, epochs * steps per epoch.",
        () -> PolynomialDecay.of(0.1, 0));
    refuses(
        "PolynomialDecay: expected a finite initialLearningRate above 0, received"
            + " initialLearningRate=0.0. Start from 1e-3 for Adam.",
        () -> PolynomialDecay.of(0, 5));
    refuses(
        "InverseTimeDecay: expected a finite decayRate of 0 or more, received decayRate=-1.0. Use a"
            + " number such as 0.5 for every decaySteps.",
        () -> InverseTimeDecay.of(0.1, 5, -1));
    refuses(
        "InverseTimeDecay: expected decaySteps of 1 or more, received decaySteps=0. Give the steps"
            + " after which decayRate applies once.",
        () -> InverseTimeDecay.of(0.1, 0, 1));
    refuses(
        "InverseTimeDecay: expected a finite initialLearningRate above 0, received"
            + " initialLearningRate=-0.1. Start from 1e-3 for Adam.",
        () -> InverseTimeDecay.of(-0.1, 1, 1));
    refuses(
        "CosineDecayRestarts: expected firstDecaySteps of 1 or more, received firstDecaySteps=0."
            + " Give the steps of the first decay.",
        () -> CosineDecayRestarts.of(0.1, 0));
    refuses(
        "CosineDecayRestarts: expected a finite tMul of 1 or more, received tMul=0.5. Keras's"
            + " default is 2.",
        () -> CosineDecayRestarts.of(0.1, 5).tMul(0.5));
    refuses(
        "CosineDecayRestarts: expected a finite mMul above 0, received mMul=0.0. Keras's default is"
            + " 1.",
        () -> CosineDecayRestarts.of(0.1, 5).mMul(0));
    refuses(
        "CosineDecayRestarts: expected a finite alpha of 0 or more, received alpha=NaN. Give the"
            + " lowest rate as a part of the first, such as 0.1.",
        () -> CosineDecayRestarts.of(0.1, 5).alpha(Double.NaN));
    refuses(
        "CosineDecayRestarts: expected a finite initialLearningRate above 0, received"
            + " initialLearningRate=0.0. Start from 1e-3 for Adam.",
        () -> CosineDecayRestarts.of(0, 5));
    refuses(
        "Warmup: expected steps of 1 or more, received steps=0. Some hundreds are usual.",
        () -> Warmup.of(0.1, 0));
    refuses(
        "Warmup: expected a finite initialLearningRate of 0 or more, received"
            + " initialLearningRate=-1.0. Use 0 to rise from nothing.",
        () -> Warmup.of(0.1, 5).initialLearningRate(-1));
    refuses(
        "OneCycle: expected a finite maxLearningRate above 0, received maxLearningRate=0.0. Take"
            + " what LearningRateFinder suggests.",
        () -> OneCycle.of(0, 5));
    refuses(
        "OneCycle: expected steps of 2 or more, received steps=1. Give the steps of training,"
            + " epochs * steps per epoch.",
        () -> OneCycle.of(0.1, 1));
    refuses(
        "OneCycle: expected rise above 0 and below 1, received rise=1.0. 0.3 is usual.",
        () -> OneCycle.of(0.1, 5).rise(1));
    refuses(
        "OneCycle: expected a finite divFactor above 0, received divFactor=0.0. 25 is usual.",
        () -> OneCycle.of(0.1, 5).divFactor(0));
    refuses(
        "OneCycle: expected a finite finalDivFactor above 0, received finalDivFactor=-1.0. 1e4 is"
            + " usual.",
        () -> OneCycle.of(0.1, 5).finalDivFactor(-1));
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
