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

/// activation(convolution of x with kernel + bias): (batch, steps, channels) becomes (batch, steps,
/// filters).
///
/// With causal padding no result sees a later step. Weights: kernel (kernelSize, channels / groups,
/// filters), bias (filters). Keras class `Conv1D`.
public record Conv1D(
    Optional<String> name,
    int filters,
    int kernelSize,
    int strides,
    Padding padding,
    int dilationRate,
    int groups,
    ActivationFunction activation,
    boolean useBias,
    WeightOptions kernel,
    WeightOptions bias,
    Optional<Regularizer> activityRegularizer)
    implements Layer {
  public Conv1D {
    name.ifPresent(n -> Options.name("Conv1D", n));
    Options.positive("Conv1D", "filters", filters);
    Options.positive("Conv1D", "kernelSize", kernelSize);
    Options.positive("Conv1D", "strides", strides);
    Options.positive("Conv1D", "dilationRate", dilationRate);
    Options.groups("Conv1D", filters, groups);
    Options.strides("Conv1D", strides, dilationRate);
  }

  public static Conv1D of(int filters, int kernelSize) {
    return new Conv1D(
        Optional.empty(),
        filters,
        kernelSize,
        1,
        Padding.VALID,
        1,
        1,
        Activations.LINEAR,
        true,
        WeightOptions.of(GlorotUniform.of()),
        WeightOptions.of(Zeros.of()),
        Optional.empty());
  }

  @Override
  public Conv1D named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public Conv1D strides(int strides) {
    return Vary.of(this, "strides", strides);
  }

  public Conv1D padding(Padding padding) {
    return Vary.of(this, "padding", padding);
  }

  public Conv1D dilationRate(int dilationRate) {
    return Vary.of(this, "dilationRate", dilationRate);
  }

  public Conv1D groups(int groups) {
    return Vary.of(this, "groups", groups);
  }

  public Conv1D activation(ActivationFunction activation) {
    return Vary.of(this, "activation", activation);
  }

  public Conv1D useBias(boolean useBias) {
    return Vary.of(this, "useBias", useBias);
  }

  public Conv1D kernelInitializer(Initializer initializer) {
    return Vary.of(this, "kernel", kernel.initializer(initializer));
  }

  public Conv1D kernelRegularizer(Regularizer regularizer) {
    return Vary.of(this, "kernel", kernel.regularizer(regularizer));
  }

  public Conv1D kernelConstraint(Constraint constraint) {
    return Vary.of(this, "kernel", kernel.constraint(constraint));
  }

  public Conv1D biasInitializer(Initializer initializer) {
    return Vary.of(this, "bias", bias.initializer(initializer));
  }

  public Conv1D biasRegularizer(Regularizer regularizer) {
    return Vary.of(this, "bias", bias.regularizer(regularizer));
  }

  public Conv1D biasConstraint(Constraint constraint) {
    return Vary.of(this, "bias", bias.constraint(constraint));
  }

  /// A price for large results.
  public Conv1D activityRegularizer(Regularizer regularizer) {
    return Vary.of(this, "activityRegularizer", Optional.of(regularizer));
  }

  @Override
  public Node call(Call call, Node x) {
    Window window =
        Windows.along(
            call,
            x,
            kernelSize,
            strides,
            dilationRate,
            padding,
            "Reshape to (steps, channels) first: Reshape.of(100, 1) for single numbers.");
    int channels = Windows.grouped(call, x, groups);
    Node weights = call.weight("kernel", Shape.of(kernelSize, channels / groups, filters), kernel);
    Node flat = Ops.reshape(weights, weights.shape().prepend(1));
    Node y = Windows.steps(Ops.conv2d(Windows.pictures(x), flat, window, groups));
    if (useBias) {
      y = Ops.add(y, call.weight("bias", Shape.of(filters), bias));
    }
    return call.regularized(Precise.apply(activation, y), activityRegularizer);
  }
}
