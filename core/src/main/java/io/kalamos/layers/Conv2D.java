package io.kalamos.layers;

import io.kalamos.activations.ActivationFunction;
import io.kalamos.activations.Activations;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Window;
import io.kalamos.initializers.GlorotUniform;
import io.kalamos.initializers.Initializer;
import io.kalamos.initializers.Zeros;
import io.kalamos.options.Refusal;
import io.kalamos.regularizers.Regularizer;
import java.util.Optional;

/// activation(convolution of x with kernel + bias): (batch, height, width, channels) becomes
/// (batch, rows, columns, filters).
///
/// Weights: kernel (height, width, channels / groups, filters), bias (filters). Keras class
/// `Conv2D`.
public record Conv2D(
    Optional<String> name,
    int filters,
    Pair kernelSize,
    Pair strides,
    Padding padding,
    Pair dilation,
    int groups,
    ActivationFunction activation,
    boolean useBias,
    Initializer kernelInitializer,
    Initializer biasInitializer,
    Optional<Regularizer> kernelRegularizer,
    Optional<Regularizer> biasRegularizer)
    implements Layer {
  public Conv2D {
    name.ifPresent(n -> Options.name("Conv2D", n));
    Options.positive("Conv2D", "filters", filters);
    Options.positive("Conv2D", "groups", groups);
    kernelSize.positive("Conv2D", "kernelSize");
    strides.positive("Conv2D", "strides");
    dilation.positive("Conv2D", "dilation");
    if (filters % groups != 0) {
      throw Refusal.of(
          "Conv2D",
          "filters (" + filters + ") divisible by groups",
          "groups",
          groups,
          "Change filters or groups.");
    }
    if (!strides.equals(Pair.of(1)) && !dilation.equals(Pair.of(1))) {
      throw Refusal.of(
          "Conv2D",
          "strides (1, 1) where dilation is " + dilation,
          "strides",
          strides,
          "Use one of strides and dilation.");
    }
  }

  /// Filters of height and width `kernelSize`.
  public static Conv2D of(int filters, int kernelSize) {
    return of(filters, kernelSize, kernelSize);
  }

  public static Conv2D of(int filters, int kernelHeight, int kernelWidth) {
    return new Conv2D(
        Optional.empty(),
        filters,
        Pair.of(kernelHeight, kernelWidth),
        Pair.of(1),
        Padding.VALID,
        Pair.of(1),
        1,
        Activations.LINEAR,
        true,
        GlorotUniform.of(),
        Zeros.of(),
        Optional.empty(),
        Optional.empty());
  }

  @Override
  public Conv2D named(String name) {
    return new Conv2D(
        Optional.of(name),
        filters,
        kernelSize,
        strides,
        padding,
        dilation,
        groups,
        activation,
        useBias,
        kernelInitializer,
        biasInitializer,
        kernelRegularizer,
        biasRegularizer);
  }

  public Conv2D strides(int both) {
    return strides(both, both);
  }

  public Conv2D strides(int height, int width) {
    return vary(Pair.of(height, width), padding, dilation, groups, activation, useBias);
  }

  public Conv2D padding(Padding padding) {
    return vary(strides, padding, dilation, groups, activation, useBias);
  }

  public Conv2D dilation(int both) {
    return dilation(both, both);
  }

  public Conv2D dilation(int height, int width) {
    return vary(strides, padding, Pair.of(height, width), groups, activation, useBias);
  }

  public Conv2D groups(int groups) {
    return vary(strides, padding, dilation, groups, activation, useBias);
  }

  public Conv2D activation(ActivationFunction activation) {
    return vary(strides, padding, dilation, groups, activation, useBias);
  }

  public Conv2D useBias(boolean useBias) {
    return vary(strides, padding, dilation, groups, activation, useBias);
  }

  public Conv2D kernelInitializer(Initializer initializer) {
    return weights(initializer, biasInitializer, kernelRegularizer, biasRegularizer);
  }

  public Conv2D biasInitializer(Initializer initializer) {
    return weights(kernelInitializer, initializer, kernelRegularizer, biasRegularizer);
  }

  public Conv2D kernelRegularizer(Regularizer regularizer) {
    return weights(kernelInitializer, biasInitializer, Optional.of(regularizer), biasRegularizer);
  }

  public Conv2D biasRegularizer(Regularizer regularizer) {
    return weights(kernelInitializer, biasInitializer, kernelRegularizer, Optional.of(regularizer));
  }

  private Conv2D vary(
      Pair strides,
      Padding padding,
      Pair dilation,
      int groups,
      ActivationFunction activation,
      boolean useBias) {
    return new Conv2D(
        name,
        filters,
        kernelSize,
        strides,
        padding,
        dilation,
        groups,
        activation,
        useBias,
        kernelInitializer,
        biasInitializer,
        kernelRegularizer,
        biasRegularizer);
  }

  private Conv2D weights(
      Initializer kernel,
      Initializer bias,
      Optional<Regularizer> kernelRegularizer,
      Optional<Regularizer> biasRegularizer) {
    return new Conv2D(
        name,
        filters,
        kernelSize,
        strides,
        padding,
        dilation,
        groups,
        activation,
        useBias,
        kernel,
        bias,
        kernelRegularizer,
        biasRegularizer);
  }

  @Override
  public Node call(Call call, Node x) {
    Window window =
        Windows.over(
            call,
            x,
            kernelSize,
            strides,
            dilation,
            padding,
            "Reshape to (height, width, channels) first: Reshape.of(28, 28, 1) for grey pictures.");
    int channels = x.shape().dim(3);
    if (channels % groups != 0) {
      throw call.rejects(
          "channels divisible by groups=" + groups, x.shape(), "Change the groups or the input.");
    }
    Shape shape = Shape.of(kernelSize.height(), kernelSize.width(), channels / groups, filters);
    Node kernel = call.weight("kernel", shape, kernelInitializer, kernelRegularizer);
    Node y = Ops.conv2d(x, kernel, window, groups);
    if (useBias) {
      y = Ops.add(y, call.weight("bias", Shape.of(filters), biasInitializer, biasRegularizer));
    }
    return Precise.apply(activation, y);
  }
}
