package io.kalamos.cli;

import static io.kalamos.activations.Activations.RELU;
import static io.kalamos.activations.Activations.SOFTMAX;

import io.kalamos.datasets.LabeledImages;
import io.kalamos.layers.Conv2D;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Dropout;
import io.kalamos.layers.Flatten;
import io.kalamos.layers.Input;
import io.kalamos.layers.Layer;
import io.kalamos.layers.MaxPooling2D;
import io.kalamos.models.Model;
import io.kalamos.models.Sequential;
import io.kalamos.regularizers.L2;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/// The steps of lab 1, from a linear classifier to a convolutional network.
enum LadderStep {
  LINEAR_RAW(
      "linear-raw", "linear, raw pixels 0-255", 7_850, new Original(3.85, 0.8555, 2.82, 0.9006)) {
    @Override
    List<Layer> layers(LabeledImages train) {
      return List.of(Flatten.of(), Dense.of(10).activation(SOFTMAX));
    }

    /// A step too long for its inputs: where it ends varies by this much.
    @Override
    double tolerance() {
      return 0.02;
    }
  },

  LINEAR("linear", "linear, normalised", 7_850, Original.accuracies(0.9247, 0.9249)) {
    @Override
    List<Layer> layers(LabeledImages train) {
      return List.of(
          PixelStatistics.of(train).normalization(),
          Flatten.of(),
          Dense.of(10).activation(SOFTMAX));
    }
  },

  MLP("mlp", "MLP", 141_910, Original.best(0.106, 0.9725)) {
    @Override
    List<Layer> layers(LabeledImages train) {
      return List.of(
          PixelStatistics.of(train).normalization(),
          Flatten.of(),
          Dense.of(150).activation(RELU),
          Dense.of(150).activation(RELU),
          Dense.of(10).activation(SOFTMAX));
    }
  },

  MLP_L2("mlp-l2", "MLP + L2", 141_910, Original.best(0.099, 0.97)) {
    @Override
    List<Layer> layers(LabeledImages train) {
      return List.of(
          PixelStatistics.of(train).normalization(),
          Flatten.of(),
          Dense.of(150).activation(RELU).kernelRegularizer(L2.of(1e-5)),
          Dense.of(150).activation(RELU).kernelRegularizer(L2.of(1e-5)),
          Dense.of(10).activation(SOFTMAX).kernelRegularizer(L2.of(1e-5)));
    }
  },

  MLP_DROPOUT("mlp-dropout", "MLP + Dropout", 141_910, Original.NONE) {
    @Override
    List<Layer> layers(LabeledImages train) {
      return List.of(
          PixelStatistics.of(train).normalization(),
          Flatten.of(),
          Dense.of(150).activation(RELU),
          Dropout.of(0.5),
          Dense.of(150).activation(RELU),
          Dropout.of(0.5),
          Dense.of(10).activation(SOFTMAX));
    }
  },

  CNN("cnn", "vanilla CNN", 1_190_346, Original.accuracies(Double.NaN, 0.985)) {
    @Override
    List<Layer> layers(LabeledImages train) {
      return List.of(
          PixelStatistics.of(train).normalization(),
          Conv2D.of(64, 5).activation(RELU),
          MaxPooling2D.of(2),
          Flatten.of(),
          Dense.of(128).activation(RELU),
          Dense.of(64).activation(RELU),
          Dense.of(10).activation(SOFTMAX));
    }

    /// The original's figure is itself a floor.
    @Override
    double tolerance() {
      return 0;
    }
  };

  /// What the original printed for the test images after its last epoch and for its best model; NaN
  /// for what it did not print.
  record Original(double lastLoss, double lastAccuracy, double bestLoss, double bestAccuracy) {
    static final Original NONE = accuracies(Double.NaN, Double.NaN);

    static Original accuracies(double last, double best) {
      return new Original(Double.NaN, last, Double.NaN, best);
    }

    static Original best(double loss, double accuracy) {
      return new Original(Double.NaN, Double.NaN, loss, accuracy);
    }
  }

  private final String text;
  private final String title;
  private final long parameters;
  private final Original original;

  LadderStep(String text, String title, long parameters, Original original) {
    this.text = text;
    this.title = title;
    this.parameters = parameters;
    this.original = original;
  }

  /// The layers behind `Input`.
  abstract List<Layer> layers(LabeledImages train);

  /// How far our best model's accuracy may lie below the original's, since seeds differ.
  double tolerance() {
    return 0.003;
  }

  static List<String> names() {
    return Arrays.stream(values()).map(LadderStep::text).toList();
  }

  /// What `--step` takes.
  String text() {
    return text;
  }

  String title() {
    return title;
  }

  Original original() {
    return original;
  }

  /// The least accuracy of the best model; empty where the original gave none.
  OptionalDouble floor() {
    return Double.isNaN(original.bestAccuracy())
        ? OptionalDouble.empty()
        : OptionalDouble.of(original.bestAccuracy() - tolerance());
  }

  /// A new model for these images, with weights of this seed.
  Model model(LabeledImages train, long seed) {
    var layers = new ArrayList<Layer>(List.of(Input.of(28, 28, 1)));
    layers.addAll(layers(train));
    var model = Sequential.of(layers).initialize(seed);
    if (model.countParams() != parameters) {
      throw new IllegalStateException(
          "lab mnist-ladder, step "
              + text
              + ": expected "
              + parameters
              + " parameters, received countParams="
              + model.countParams()
              + ". A layer has changed: its figures cannot be compared.");
    }
    return model;
  }
}
