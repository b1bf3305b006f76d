package io.kalamos.layers;

import io.kalamos.activations.ActivationFunction;
import io.kalamos.activations.Activations;
import io.kalamos.constraints.Constraint;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Window;
import io.kalamos.initializers.GlorotUniform;
import io.kalamos.initializers.Initializer;
import io.kalamos.initializers.Zeros;
import io.kalamos.options.Vary;
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
    Pair dilationRate,
    int groups,
    ActivationFunction activation,
    boolean useBias,
    WeightOptions kernel,
    WeightOptions bias,
    Optional<Regularizer> activityRegularizer)
    implements Layer {
  public Conv2D {
    name.ifPresent(n -> Options.name("Conv2D", n));
    Options.positive("Conv2D", "filters", filters);
    kernelSize.positive("Conv2D", "kernelSize");
    strides.positive("Conv2D", "strides");
    dilationRate.positive("Conv2D", "dilationRate");
    Options.notCausal("Conv2D", padding);
    Options.groups("Conv2D", filters, groups);
    Options.strides("Conv2D", strides, dilationRate);
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
        WeightOptions.of(GlorotUniform.of()),
        WeightOptions.of(Zeros.of()),
        Optional.empty());
  }

  @Override
  public Conv2D named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public Conv2D strides(int both) {
    return strides(both, both);
  }

  public Conv2D strides(int height, int width) {
    return Vary.of(this, "strides", Pair.of(height, width));
  }

  public Conv2D padding(Padding padding) {
    return Vary.of(this, "padding", padding);
  }

  public Conv2D dilationRate(int both) {
    return dilationRate(both, both);
  }

  public Conv2D dilationRate(int height, int width) {
    return Vary.of(this, "dilationRate", Pair.of(height, width));
  }

  public Conv2D groups(int groups) {
    return Vary.of(this, "groups", groups);
  }

  public Conv2D activation(ActivationFunction activation) {
    return Vary.of(this, "activation", activation);
  }

  public Conv2D useBias(boolean useBias) {
    return Vary.of(this, "useBias", useBias);
  }

  public Conv2D kernelInitializer(Initializer initializer) {
    return Vary.of(this, "kernel", kernel.initializer(initializer));
  }

  public Conv2D kernelRegularizer(Regularizer regularizer) {
    return Vary.of(this, "kernel", kernel.regularizer(regularizer));
  }

  public Conv2D kernelConstraint(Constraint constraint) {
    return Vary.of(this, "kernel", kernel.constraint(constraint));
  }

  public Conv2D biasInitializer(Initializer initializer) {
    return Vary.of(this, "bias", bias.initializer(initializer));
  }

  public Conv2D biasRegularizer(Regularizer regularizer) {
    return Vary.of(this, "bias", bias.regularizer(regularizer));
  }

  public Conv2D biasConstraint(Constraint constraint) {
    return Vary.of(this, "bias", bias.constraint(constraint));
  }

  /// A price for large results.
  public Conv2D activityRegularizer(Regularizer regularizer) {
    return Vary.of(this, "activityRegularizer", Optional.of(regularizer));
  }

  @Override
  public Node call(Call call, Node x) {
    Window window =
        Windows.over(
            call,
            x,
            kernelSize,
            strides,
            dilationRate,
            padding,
            "Reshape to (height, width, channels) first: Reshape.of(28, 28, 1) for grey pictures.");
    int channels = Windows.grouped(call, x, groups);
    Shape shape = Shape.of(kernelSize.height(), kernelSize.width(), channels / groups, filters);
    Node y = Ops.conv2d(x, call.weight("kernel", shape, kernel), window, groups);
    if (useBias) {
      y = Ops.add(y, call.weight("bias", Shape.of(filters), bias));
    }
    return call.regularized(Precise.apply(activation, y), activityRegularizer);
  }
}
