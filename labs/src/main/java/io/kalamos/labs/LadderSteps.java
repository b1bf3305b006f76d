package io.kalamos.labs;

import static io.kalamos.activations.Activations.RELU;
import static io.kalamos.activations.Activations.SOFTMAX;

import io.kalamos.datasets.LabeledImages;
import io.kalamos.layers.Conv2D;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Dropout;
import io.kalamos.layers.Flatten;
import io.kalamos.layers.Layer;
import io.kalamos.layers.MaxPooling2D;
import io.kalamos.layers.Reshape;
import io.kalamos.regularizers.L2;
import java.util.ArrayList;
import java.util.List;

/// The steps of lab 1, from a linear classifier to a convolutional network.
final class LadderSteps {
  static final int EPOCHS = 20;

  /// How far our best model's accuracy may lie below the original's.
  private static final double TOLERANCE = 0.003;

  /// A step too long for its inputs: where it ends varies by this much.
  private static final double RAW_TOLERANCE = 0.02;

  static final List<LabStep> ALL =
      List.of(
          step("linear-raw", "linear, raw pixels 0-255", 7_850, 3.85, 0.8555, 2.82, 0.9006)
              .tolerance("best_accuracy", RAW_TOLERANCE),
          step("linear", "linear, normalised", 7_850, Double.NaN, 0.9247, Double.NaN, 0.9249)
              .tolerance("best_accuracy", TOLERANCE),
          step("mlp", "MLP", 141_910, Double.NaN, Double.NaN, 0.106, 0.9725)
              .tolerance("best_accuracy", TOLERANCE),
          step("mlp-l2", "MLP + L2", 141_910, Double.NaN, Double.NaN, 0.099, 0.97)
              .tolerance("best_accuracy", TOLERANCE),
          step(
              "mlp-dropout",
              "MLP + Dropout",
              141_910,
              Double.NaN,
              Double.NaN,
              Double.NaN,
              Double.NaN),
          // what the original expects, of which model it does not say: the one with the least
          // validation loss is from the second to the fifth epoch, 0.982 to 0.987 by the seed
          step("cnn", "vanilla CNN", 1_190_346, Double.NaN, 0.985, Double.NaN, Double.NaN)
              .tolerance("last_accuracy", 0));

  private LadderSteps() {}

  private static LabStep step(
      String name,
      String title,
      long parameters,
      double lastLoss,
      double lastAccuracy,
      double bestLoss,
      double bestAccuracy) {
    return LabStep.of(name, title, parameters, EPOCHS)
        .original("last_loss", lastLoss)
        .original("last_accuracy", lastAccuracy)
        .original("best_loss", bestLoss)
        .original("best_accuracy", bestAccuracy);
  }

  /// The layers behind `Input`.
  static List<Layer> layers(LabStep step, LabeledImages train) {
    var l2 = L2.of(1e-5);
    return switch (step.name()) {
      case "linear-raw" -> List.of(Flatten.of(), Dense.of(10).activation(SOFTMAX));
      case "linear" -> normalised(train, Dense.of(10).activation(SOFTMAX));
      case "mlp" ->
          normalised(
              train,
              Dense.of(150).activation(RELU),
              Dense.of(150).activation(RELU),
              Dense.of(10).activation(SOFTMAX));
      case "mlp-l2" ->
          normalised(
              train,
              Dense.of(150).activation(RELU).kernelRegularizer(l2),
              Dense.of(150).activation(RELU).kernelRegularizer(l2),
              Dense.of(10).activation(SOFTMAX).kernelRegularizer(l2));
      case "mlp-dropout" ->
          normalised(
              train,
              Dense.of(150).activation(RELU),
              Dropout.of(0.5),
              Dense.of(150).activation(RELU),
              Dropout.of(0.5),
              Dense.of(10).activation(SOFTMAX));
      case "cnn" ->
          normalised(
              train,
              Reshape.of(28, 28, 1),
              Conv2D.of(64, 5).activation(RELU),
              MaxPooling2D.of(2),
              Flatten.of(),
              Dense.of(128).activation(RELU),
              Dense.of(64).activation(RELU),
              Dense.of(10).activation(SOFTMAX));
      default -> throw new IllegalArgumentException(step.name());
    };
  }

  /// Flat, since Keras forgets several axes of a `Normalization` when it reads `.h5`.
  private static List<Layer> normalised(LabeledImages train, Layer... more) {
    var layers = new ArrayList<Layer>();
    layers.add(Flatten.of());
    layers.add(PixelStatistics.of(train).normalization());
    layers.addAll(List.of(more));
    return layers;
  }
}
