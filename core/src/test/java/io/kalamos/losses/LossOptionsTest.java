package io.kalamos.losses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.ShapeException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What each wrong option of a loss is answered, word by word.
class LossOptionsTest {
  record Wrong(String message, Executable call) {
    @Override
    public String toString() {
      return message;
    }
  }

  static List<Wrong> wrong() {
    return List.of(
        new Wrong(
            "Huber: expected a finite delta above 0, received delta=0.0. Keras's default is 1.",
            () -> Huber.of().delta(0)),
        new Wrong(
            "Huber: expected a finite delta above 0, received delta=Infinity. Keras's default is"
                + " 1.",
            () -> Huber.of().delta(Double.POSITIVE_INFINITY)),
        new Wrong(
            "BinaryFocalCrossentropy: expected alpha from 0 to 1, received alpha=1.5. Keras's"
                + " default is 0.25.",
            () -> BinaryFocalCrossentropy.of().alpha(1.5)),
        new Wrong(
            "BinaryFocalCrossentropy: expected labelSmoothing from 0 to below 1, received"
                + " labelSmoothing=-0.1. Use 0.1, or 0 for none.",
            () -> BinaryFocalCrossentropy.of().labelSmoothing(-0.1)),
        new Wrong(
            "CategoricalFocalCrossentropy: expected a finite gamma of 0 or more, received"
                + " gamma=-1.0. Keras's default is 2; 0 focuses on nothing.",
            () -> CategoricalFocalCrossentropy.of().gamma(-1)),
        new Wrong(
            "CategoricalFocalCrossentropy: expected labelSmoothing from 0 to below 1, received"
                + " labelSmoothing=1.0. Use 0.1, or 0 for none.",
            () -> CategoricalFocalCrossentropy.of().labelSmoothing(1)),
        new Wrong(
            "CategoricalGeneralizedCrossEntropy: expected q above 0 and below 1, received q=1.0."
                + " Keras's default is 0.5.",
            () -> CategoricalGeneralizedCrossEntropy.of().q(1)),
        new Wrong(
            "Tversky: expected a finite alpha of 0 or more, received alpha=-0.5. Keras's default is"
                + " 0.5.",
            () -> Tversky.of().alpha(-0.5)),
        new Wrong(
            "Tversky: expected a finite beta of 0 or more, received beta=NaN. Keras's default is"
                + " 0.5.",
            () -> Tversky.of().beta(Double.NaN)),
        new Wrong(
            "Circle: expected a finite gamma above 0, received gamma=0.0. Keras's default is 80.",
            () -> Circle.of().gamma(0)),
        new Wrong(
            "Circle: expected a finite margin, received margin=NaN. Keras's default is 0.4.",
            () -> Circle.of().margin(Double.NaN)),
        new Wrong(
            "compile: mine: expected a loss that is a single number, received reduction=none. Use"
                + " SUM_OVER_BATCH_SIZE, Keras's default.",
            () -> Reduction.unlessSingle(Huber.of().named("mine").reduction(Reduction.NONE))));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void isRefused(Wrong wrong) {
    assertEquals(
        wrong.message, assertThrows(IllegalArgumentException.class, wrong.call).getMessage());
  }

  private static Node node(int... sizes) {
    return Ops.fill(0.5, Shape.of(sizes), DType.FLOAT32);
  }

  private static void mismatch(String message, Executable call) {
    assertEquals(message, assertThrows(ShapeException.class, call).getMessage());
  }

  @Test
  void axesAndWeightsThatDoNotFit() {
    mismatch(
        "cosine_similarity: expected an axis of predictions of shape (4, 3), received axis=2. Use"
            + " -1, the last one.",
        () -> CosineSimilarity.of().axis(2).call(node(4, 3), node(4, 3)));
    mismatch(
        "dice: expected an axis of predictions of shape (4, 3), received axis=-3. Use -1, the last"
            + " one.",
        () -> Dice.of().axis(-3).call(node(4, 3), node(4, 3)));
    mismatch(
        "sample weights: expected a shape that repeats to (4,), received weight=float32(3,). Give"
            + " one weight for each sample, or one for each time step.",
        () ->
            Losses.HUBER.weighted(node(4, 3), node(4, 3), Optional.of(node(3)), Optional.empty()));
    mismatch(
        "sample weights: expected a shape that repeats to (4,), received weight=float32(4, 2). Give"
            + " one weight for each sample, or one for each time step.",
        () ->
            Losses.HUBER.weighted(
                node(4, 3), node(4, 3), Optional.empty(), Optional.of(node(4, 2))));
  }

  /// A weight for each sample weighs its time steps alike, where Keras asks for (batch, 1).
  @Test
  void weightsOfSamplesBesideTimeSteps() {
    Node losses = node(4, 3);
    assertEquals(Shape.of(4, 1), SampleWeights.fitting(node(4), losses).shape());
    assertEquals(Shape.of(4, 3), SampleWeights.fitting(node(4, 3, 1), losses).shape());
  }
}
