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

/// activation(a convolution of each channel by itself, then one of 1 x 1 over all of them, + bias):
/// (batch, height, width, channels) becomes (batch, rows, columns, filters).
///
/// Weights: depthwise_kernel (height, width, channels, depthMultiplier), pointwise_kernel (1, 1,
/// channels · depthMultiplier, filters), bias (filters). Keras class `SeparableConv2D`.
public record SeparableConv2D(
    Optional<String> name,
    int filters,
    Pair kernelSize,
    Pair strides,
    Padding padding,
    Pair dilationRate,
    int depthMultiplier,
    ActivationFunction activation,
    boolean useBias,
    WeightOptions depthwise,
    WeightOptions pointwise,
    WeightOptions bias,
    Optional<Regularizer> activityRegularizer)
    implements Layer {
  public SeparableConv2D {
    name.ifPresent(n -> Options.name("SeparableConv2D", n));
    Options.positive("SeparableConv2D", "filters", filters);
    Options.positive("SeparableConv2D", "depthMultiplier", depthMultiplier);
    kernelSize.positive("SeparableConv2D", "kernelSize");
    strides.positive("SeparableConv2D", "strides");
    dilationRate.positive("SeparableConv2D", "dilationRate");
    Options.notCausal("SeparableConv2D", padding);
  }

  /// Kernels of height and width `kernelSize`.
  public static SeparableConv2D of(int filters, int kernelSize) {
    return of(filters, kernelSize, kernelSize);
  }

  public static SeparableConv2D of(int filters, int kernelHeight, int kernelWidth) {
    return new SeparableConv2D(
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
        WeightOptions.of(GlorotUniform.of()),
        WeightOptions.of(Zeros.of()),
        Optional.empty());
  }

  @Override
  public SeparableConv2D named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public SeparableConv2D strides(int both) {
    return strides(both, both);
  }

  public SeparableConv2D strides(int height, int width) {
    return Vary.of(this, "strides", Pair.of(height, width));
  }

  public SeparableConv2D padding(Padding padding) {
    return Vary.of(this, "padding", padding);
  }

  public SeparableConv2D dilationRate(int both) {
    return dilationRate(both, both);
  }

  public SeparableConv2D dilationRate(int height, int width) {
    return Vary.of(this, "dilationRate", Pair.of(height, width));
  }

  /// Results of each channel before they are mixed.
  public SeparableConv2D depthMultiplier(int depthMultiplier) {
    return Vary.of(this, "depthMultiplier", depthMultiplier);
  }

  public SeparableConv2D activation(ActivationFunction activation) {
    return Vary.of(this, "activation", activation);
  }

  public SeparableConv2D useBias(boolean useBias) {
    return Vary.of(this, "useBias", useBias);
  }

  public SeparableConv2D depthwiseInitializer(Initializer initializer) {
    return Vary.of(this, "depthwise", depthwise.initializer(initializer));
  }

  public SeparableConv2D depthwiseRegularizer(Regularizer regularizer) {
    return Vary.of(this, "depthwise", depthwise.regularizer(regularizer));
  }

  public SeparableConv2D depthwiseConstraint(Constraint constraint) {
    return Vary.of(this, "depthwise", depthwise.constraint(constraint));
  }

  public SeparableConv2D pointwiseInitializer(Initializer initializer) {
    return Vary.of(this, "pointwise", pointwise.initializer(initializer));
  }

  public SeparableConv2D pointwiseRegularizer(Regularizer regularizer) {
    return Vary.of(this, "pointwise", pointwise.regularizer(regularizer));
  }

  public SeparableConv2D pointwiseConstraint(Constraint constraint) {
    return Vary.of(this, "pointwise", pointwise.constraint(constraint));
  }

  public SeparableConv2D biasInitializer(Initializer initializer) {
    return Vary.of(this, "bias", bias.initializer(initializer));
  }

  public SeparableConv2D biasRegularizer(Regularizer regularizer) {
    return Vary.of(this, "bias", bias.regularizer(regularizer));
  }

  public SeparableConv2D biasConstraint(Constraint constraint) {
    return Vary.of(this, "bias", bias.constraint(constraint));
  }

  /// A price for large results.
  public SeparableConv2D activityRegularizer(Regularizer regularizer) {
    return Vary.of(this, "activityRegularizer", Optional.of(regularizer));
  }

  @Override
  public Node call(Call call, Node x) {
    Node apart =
        Windows.depthwise(
            call,
            x,
            "depthwise_kernel",
            depthwise,
            depthMultiplier,
            kernelSize,
            strides,
            dilationRate,
            padding);
    Shape mixing = Shape.of(1, 1, apart.shape().dim(-1), filters);
    Node weights = call.weight("pointwise_kernel", mixing, pointwise);
    Node y = Ops.conv2d(apart, weights, Window.valid(1, 1, 1, 1), 1);
    if (useBias) {
      y = Ops.add(y, call.weight("bias", Shape.of(filters), bias));
    }
    return call.regularized(Precise.apply(activation, y), activityRegularizer);
  }
}
