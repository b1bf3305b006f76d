package io.kalamos.layers;

import io.kalamos.activations.ActivationFunction;
import io.kalamos.activations.Activations;
import io.kalamos.constraints.Constraint;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.initializers.GlorotUniform;
import io.kalamos.initializers.Initializer;
import io.kalamos.initializers.Zeros;
import io.kalamos.options.Vary;
import io.kalamos.regularizers.Regularizer;
import java.util.Optional;

/// activation(convolution of each channel with kernels of its own + bias): (batch, height, width,
/// channels) becomes (batch, rows, columns, channels · depthMultiplier).
///
/// Weights: kernel (height, width, channels, depthMultiplier), bias (channels · depthMultiplier).
/// Keras class `DepthwiseConv2D`.
public record DepthwiseConv2D(
    Optional<String> name,
    Pair kernelSize,
    Pair strides,
    Padding padding,
    int depthMultiplier,
    Pair dilationRate,
    ActivationFunction activation,
    boolean useBias,
    WeightOptions depthwise,
    WeightOptions bias,
    Optional<Regularizer> activityRegularizer)
    implements Layer {
  public DepthwiseConv2D {
    name.ifPresent(n -> Options.name("DepthwiseConv2D", n));
    Options.positive("DepthwiseConv2D", "depthMultiplier", depthMultiplier);
    kernelSize.positive("DepthwiseConv2D", "kernelSize");
    strides.positive("DepthwiseConv2D", "strides");
    dilationRate.positive("DepthwiseConv2D", "dilationRate");
    Options.notCausal("DepthwiseConv2D", padding);
  }

  /// Kernels of height and width `kernelSize`.
  public static DepthwiseConv2D of(int kernelSize) {
    return of(kernelSize, kernelSize);
  }

  public static DepthwiseConv2D of(int kernelHeight, int kernelWidth) {
    return new DepthwiseConv2D(
        Optional.empty(),
        Pair.of(kernelHeight, kernelWidth),
        Pair.of(1),
        Padding.VALID,
        1,
        Pair.of(1),
        Activations.LINEAR,
        true,
        WeightOptions.of(GlorotUniform.of()),
        WeightOptions.of(Zeros.of()),
        Optional.empty());
  }

  @Override
  public DepthwiseConv2D named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public DepthwiseConv2D strides(int both) {
    return strides(both, both);
  }

  public DepthwiseConv2D strides(int height, int width) {
    return Vary.of(this, "strides", Pair.of(height, width));
  }

  public DepthwiseConv2D padding(Padding padding) {
    return Vary.of(this, "padding", padding);
  }

  /// Results of each channel.
  public DepthwiseConv2D depthMultiplier(int depthMultiplier) {
    return Vary.of(this, "depthMultiplier", depthMultiplier);
  }

  public DepthwiseConv2D dilationRate(int both) {
    return dilationRate(both, both);
  }

  public DepthwiseConv2D dilationRate(int height, int width) {
    return Vary.of(this, "dilationRate", Pair.of(height, width));
  }

  public DepthwiseConv2D activation(ActivationFunction activation) {
    return Vary.of(this, "activation", activation);
  }

  public DepthwiseConv2D useBias(boolean useBias) {
    return Vary.of(this, "useBias", useBias);
  }

  public DepthwiseConv2D depthwiseInitializer(Initializer initializer) {
    return Vary.of(this, "depthwise", depthwise.initializer(initializer));
  }

  public DepthwiseConv2D depthwiseRegularizer(Regularizer regularizer) {
    return Vary.of(this, "depthwise", depthwise.regularizer(regularizer));
  }

  public DepthwiseConv2D depthwiseConstraint(Constraint constraint) {
    return Vary.of(this, "depthwise", depthwise.constraint(constraint));
  }

  public DepthwiseConv2D biasInitializer(Initializer initializer) {
    return Vary.of(this, "bias", bias.initializer(initializer));
  }

  public DepthwiseConv2D biasRegularizer(Regularizer regularizer) {
    return Vary.of(this, "bias", bias.regularizer(regularizer));
  }

  public DepthwiseConv2D biasConstraint(Constraint constraint) {
    return Vary.of(this, "bias", bias.constraint(constraint));
  }

  /// A price for large results.
  public DepthwiseConv2D activityRegularizer(Regularizer regularizer) {
    return Vary.of(this, "activityRegularizer", Optional.of(regularizer));
  }

  @Override
  public Node call(Call call, Node x) {
    Node y =
        Windows.depthwise(
            call,
            x,
            "kernel",
            depthwise,
            depthMultiplier,
            kernelSize,
            strides,
            dilationRate,
            padding);
    if (useBias) {
      y = Ops.add(y, call.weight("bias", Shape.of(y.shape().dim(-1)), bias));
    }
    return call.regularized(Precise.apply(activation, y), activityRegularizer);
  }
}
