package io.kalamos.cli;

import static io.kalamos.activations.Activations.RELU;
import static io.kalamos.activations.Activations.SOFTMAX;
import static io.kalamos.layers.Padding.SAME;

import io.kalamos.layers.Activation;
import io.kalamos.layers.Add;
import io.kalamos.layers.BatchNormalization;
import io.kalamos.layers.Conv2D;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Dropout;
import io.kalamos.layers.Flatten;
import io.kalamos.layers.GlobalAveragePooling1D;
import io.kalamos.layers.Input;
import io.kalamos.layers.Layer;
import io.kalamos.layers.LayerNormalization;
import io.kalamos.layers.MaxPooling2D;
import io.kalamos.layers.MultiHeadAttention;
import io.kalamos.layers.Rescaling;
import io.kalamos.layers.Reshape;
import io.kalamos.models.Model;
import io.kalamos.models.Sequential;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The networks that are timed, over MNIST pixels of 0 to 255: the five standard ones, an LSTM over
/// rows of pixels and a block of attention over them.
enum StandardNetwork {
  LINEAR("linear", 128, 7_850) {
    @Override
    List<Layer> layers() {
      return List.of(Flatten.of(), Dense.of(10).activation(SOFTMAX));
    }
  },

  MLP("mlp", 128, 141_910) {
    @Override
    List<Layer> layers() {
      return List.of(
          Flatten.of(),
          Dense.of(150).activation(RELU),
          Dense.of(150).activation(RELU),
          Dense.of(10).activation(SOFTMAX));
    }
  },

  CNN("cnn", 128, 1_616_330) {
    @Override
    List<Layer> layers() {
      return List.of(
          Conv2D.of(64, 5).padding(SAME).activation(RELU),
          MaxPooling2D.of(2),
          Flatten.of(),
          Dense.of(128).activation(RELU),
          Dense.of(64).activation(RELU),
          Dense.of(10).activation(SOFTMAX));
    }
  },

  CNN_WEIGHTS("cnn-weights", 512, 1_185_482) {
    @Override
    List<Layer> layers() {
      return List.of(
          Conv2D.of(8, 3).activation(RELU),
          Conv2D.of(16, 3).activation(RELU),
          Flatten.of(),
          Dense.of(128).activation(RELU),
          Dropout.of(0.2),
          Dense.of(32).activation(RELU),
          Dropout.of(0.2),
          Dense.of(10).activation(SOFTMAX));
    }
  },

  CNN_BN("cnn-bn", 64, 354_538) {
    @Override
    List<Layer> layers() {
      var layers = new ArrayList<Layer>();
      layers.addAll(normalized(Conv2D.of(12, 3).padding(SAME).useBias(false)));
      layers.addAll(normalized(Conv2D.of(24, 6).strides(2).padding(SAME).useBias(false)));
      layers.addAll(normalized(Conv2D.of(32, 6).strides(2).padding(SAME).useBias(false)));
      layers.add(Flatten.of());
      layers.addAll(normalized(Dense.of(200).useBias(false)));
      layers.add(Dropout.of(0.3));
      layers.add(Dense.of(10).activation(SOFTMAX));
      return layers;
    }
  },

  LSTM("lstm", 128, 81_674) {
    @Override
    List<Layer> layers() {
      return List.of(
          Reshape.of(28, 28), io.kalamos.layers.LSTM.of(128), Dense.of(10).activation(SOFTMAX));
    }
  },

  ATTENTION("attention", 128, 23_434) {
    @Override
    List<Layer> layers() {
      throw new IllegalStateException("not a chain");
    }

    @Override
    Model network() {
      var pixels = Input.of(28, 28, 1);
      var rows = Reshape.of(28, 28).on(Rescaling.of(1 / 255.0).on(pixels));
      var tokens = Dense.of(64).on(rows);
      var seen = Add.of().on(tokens, MultiHeadAttention.of(2, 32).on(tokens, tokens));
      var each = Dense.of(64).activation(RELU).on(LayerNormalization.of().on(seen));
      var mean = GlobalAveragePooling1D.of().on(each);
      return Model.of(pixels, Dense.of(10).activation(SOFTMAX).on(mean));
    }
  };

  private final String text;
  private final int batchSize;
  private final long parameters;

  StandardNetwork(String text, int batchSize, long parameters) {
    this.text = text;
    this.batchSize = batchSize;
    this.parameters = parameters;
  }

  /// The layers of a chain behind `Input` and `Rescaling`.
  abstract List<Layer> layers();

  /// The network, its weights as they come.
  Model network() {
    var layers = new ArrayList<Layer>(List.of(Input.of(28, 28, 1), Rescaling.of(1 / 255.0)));
    layers.addAll(layers());
    return Sequential.of(layers);
  }

  private static List<Layer> normalized(Layer layer) {
    return List.of(layer, BatchNormalization.of().scale(false), Activation.of(RELU));
  }

  static List<String> names() {
    return Arrays.stream(values()).map(network -> network.text).toList();
  }

  static StandardNetwork named(String name) {
    return Arrays.stream(values())
        .filter(network -> network.text.equals(name))
        .findFirst()
        .orElseThrow();
  }

  String text() {
    return text;
  }

  int batchSize() {
    return batchSize;
  }

  /// The number of weights, trainable or not.
  long parameters() {
    return parameters;
  }

  /// A new model with weights of this seed.
  Model model(long seed) {
    var model = network().initialize(seed);
    if (model.countParams() != parameters) {
      throw new IllegalStateException(
          text
              + ": expected "
              + parameters
              + " parameters, received countParams="
              + model.countParams()
              + ". A layer has changed: its figures cannot be compared.");
    }
    return model;
  }
}
