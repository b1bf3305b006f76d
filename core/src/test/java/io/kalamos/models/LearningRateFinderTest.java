package io.kalamos.models;

import static io.kalamos.losses.Losses.MEAN_SQUARED_ERROR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.activations.Activations;
import io.kalamos.data.Samples;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.BatchNormalization;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Dropout;
import io.kalamos.layers.Input;
import io.kalamos.optimizers.Adagrad;
import io.kalamos.optimizers.Optimizer;
import io.kalamos.optimizers.SGD;
import io.kalamos.schedules.ExponentialDecay;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LearningRateFinderTest {
  private static final Samples DATA =
      Samples.of(ModelTest.random(1, 50, 3), ModelTest.random(2, 50, 2));

  private static Model model(Optimizer optimizer) {
    Model model =
        Sequential.of(
            Input.of(3),
            Dense.of(8).activation(Activations.RELU),
            BatchNormalization.of(),
            Dropout.of(0.3),
            Dense.of(2));
    model.compile(
        Compilation.of(optimizer, MEAN_SQUARED_ERROR).running(run -> run.seed(5).log(line -> {})));
    return model;
  }

  private static String weights(Model model) {
    return model.getWeights().stream().map(ModelTest::box).toList().toString();
  }

  static Stream<Optimizer> optimizers() {
    return Stream.of(
        Adagrad.of(ExponentialDecay.of(0.1, 5, 0.9)),
        SGD.of(0.05).momentum(0.9).useEma(true).gradientAccumulationSteps(2));
  }

  /// Before the first step, when slots are not there yet, and in the midst of training.
  @ParameterizedTest
  @MethodSource("optimizers")
  void trainingGoesOnAsIfNothingHadHappened(Optimizer optimizer) {
    Model plain = model(optimizer);
    Model tested = model(optimizer);
    LearningRateFinder finder = LearningRateFinder.of().steps(20).batchSize(8);
    String before = weights(tested);
    finder.run(tested, DATA);
    assertEquals(before, weights(tested));
    for (Model model : List.of(plain, tested)) {
      model.fit(DATA, fit -> fit.epochs(2).batchSize(8).verbose(false));
    }
    assertEquals(weights(plain), weights(tested));
    before = weights(tested);
    finder.run(tested, DATA);
    assertEquals(before, weights(tested));
    for (Model model : List.of(plain, tested)) {
      model.fit(DATA, fit -> fit.epochs(3).initialEpoch(2).batchSize(8).verbose(false));
    }
    assertEquals(weights(plain), weights(tested));
  }

  /// A straight line is learned by rates up to about 1; far above, the loss explodes.
  @Test
  void findsWhereTheLossFalls() {
    Tensor x = ModelTest.random(3, 256, 1);
    Tensor y = Tensor.zeros(x.dtype(), x.shape());
    y.fill(i -> 3 * x.get(i) + 2);
    Model model = Sequential.of(Input.of(1), Dense.of(1));
    model.compile(SGD.of(), MEAN_SQUARED_ERROR);
    LearningRateFinder finder = LearningRateFinder.of().from(1e-4).to(1000).smoothing(0.8);
    RangeTest test = finder.run(model, Samples.of(x, y));
    List<RangeTest.Point> points = test.points();
    assertEquals(1e-4, points.getFirst().rate(), 1e-12);
    assertEquals(points.getFirst().loss(), points.getFirst().smoothed(), 1e-9);
    assertTrue(points.size() < 100, "the test ends where the loss explodes");
    double factor = Math.pow(1e7, 1 / 99.0);
    for (int i = 1; i < points.size(); i++) {
      assertEquals(factor, points.get(i).rate() / points.get(i - 1).rate(), 1e-9);
      double smoothed =
          smoothed(points.subList(0, i + 1).stream().mapToDouble(RangeTest.Point::loss).toArray());
      assertEquals(smoothed, points.get(i).smoothed(), 1e-9 * smoothed);
    }
    double suggestion = test.suggestion().orElseThrow();
    assertTrue(suggestion > 3e-3 && suggestion < 1, "suggests " + suggestion);
    assertEquals(points, finder.run(model, Samples.of(x, y)).points(), "the same bits again");
  }

  /// The mean of losses whose weights fall by 0.8 from the last to the first.
  private static double smoothed(double[] losses) {
    double sum = 0;
    double weights = 0;
    for (int i = 0; i < losses.length; i++) {
      double weight = Math.pow(0.8, losses.length - 1 - i);
      sum += weight * losses[i];
      weights += weight;
    }
    return sum / weights;
  }

  @Test
  void theSuggestionIsTheSteepestFall() {
    assertEquals(Optional.of(3.0), test(9, 8.5, 5, 2, 1.5, 1, 4).suggestion());
    assertEquals(Optional.empty(), test(1, 2, 3).suggestion());
    assertFalse(test().suggestion().isPresent());
  }

  /// Losses at the rates 1, 2, 3, ...
  private static RangeTest test(double... smoothed) {
    return new RangeTest(
        IntStream.range(0, smoothed.length)
            .mapToObj(i -> new RangeTest.Point(i + 1, smoothed[i], smoothed[i]))
            .toList());
  }

  record Wrong(String message, Runnable wrong) {
    @Override
    public String toString() {
      return message;
    }
  }

  static List<Wrong> wrong() {
    LearningRateFinder finder = LearningRateFinder.of();
    String where = "LearningRateFinder: expected ";
    return List.of(
        new Wrong(
            where + "a finite from above 0, received from=0.0. 1e-7 is usual.",
            () -> finder.from(0)),
        new Wrong(
            where + "a finite to above 0, received to=Infinity. 10 is usual.",
            () -> finder.to(Double.POSITIVE_INFINITY)),
        new Wrong(
            where + "a rate to above from=1.0E-7, received to=1.0E-8. Swap them.",
            () -> finder.to(1e-8)),
        new Wrong(
            where + "steps of 3 or more, received steps=2. 100 is usual.", () -> finder.steps(2)),
        new Wrong(
            where + "batchSize of 1 or more, received batchSize=0. Take that of the training.",
            () -> finder.batchSize(0)),
        new Wrong(
            where
                + "smoothing from 0 to below 1, received smoothing=1.0. 0.95 is usual, 0 is none.",
            () -> finder.smoothing(1)),
        new Wrong(
            where + "a divergenceFactor above 1, received divergenceFactor=1.0. 4 is usual.",
            () -> finder.divergenceFactor(1)));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void messages(Wrong row) {
    assertEquals(
        row.message, assertThrows(IllegalArgumentException.class, row.wrong::run).getMessage());
  }

  @Test
  void anUncompiledModelIsRefused() {
    Model model = Sequential.of(Input.of(3), Dense.of(2));
    assertEquals(
        "LearningRateFinder: expected a compiled model, received model=sequential. Call"
            + " model.compile(optimizer, loss, metrics) first.",
        assertThrows(IllegalStateException.class, () -> LearningRateFinder.of().run(model, DATA))
            .getMessage());
  }
}
