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
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import io.kalamos.regularizers.Regularizer;
import java.util.Optional;

/// activation(transposed convolution of x with kernel + bias), which widens: (batch, height, width,
/// channels) becomes (batch, height · stride, width · stride, filters) with padding SAME.
///
/// Weights: kernel (height, width, filters, channels), bias (filters). Keras class
/// `Conv2DTranspose`.
///
/// @param outputPadding rows and columns added at the end, below the strides; without it as many as
///   make the sizes above
public record Conv2DTranspose(
    Optional<String> name,
    int filters,
    Pair kernelSize,
    Pair strides,
    Padding padding,
    Optional<Pair> outputPadding,
    Pair dilationRate,
    ActivationFunction activation,
    boolean useBias,
    WeightOptions kernel,
    WeightOptions bias,
    Optional<Regularizer> activityRegularizer)
    implements Layer {
  public Conv2DTranspose {
    name.ifPresent(n -> Options.name("Conv2DTranspose", n));
    Options.positive("Conv2DTranspose", "filters", filters);
    kernelSize.positive("Conv2DTranspose", "kernelSize");
    strides.positive("Conv2DTranspose", "strides");
    dilationRate.positive("Conv2DTranspose", "dilationRate");
    Options.notCausal("Conv2DTranspose", padding);
    Options.strides("Conv2DTranspose", strides, dilationRate);
    outputPadding.ifPresent(
        added -> {
          boolean fits =
              added.height() >= 0
                  && added.width() >= 0
                  && added.height() < strides.height()
                  && added.width() < strides.width();
          if (!fits) {
            throw Refusal.of(
                "Conv2DTranspose",
                "outputPadding of 0 or more and below strides " + strides,
                "outputPadding",
                added,
                "Leave it out for the usual sizes.");
          }
        });
  }

  /// Kernels of height and width `kernelSize`.
  public static Conv2DTranspose of(int filters, int kernelSize) {
    return of(filters, kernelSize, kernelSize);
  }

  public static Conv2DTranspose of(int filters, int kernelHeight, int kernelWidth) {
    return new Conv2DTranspose(
        Optional.empty(),
        filters,
        Pair.of(kernelHeight, kernelWidth),
        Pair.of(1),
        Padding.VALID,
        Optional.empty(),
        Pair.of(1),
        Activations.LINEAR,
        true,
        WeightOptions.of(GlorotUniform.of()),
        WeightOptions.of(Zeros.of()),
        Optional.empty());
  }

  @Override
  public Conv2DTranspose named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public Conv2DTranspose strides(int both) {
    return strides(both, both);
  }

  public Conv2DTranspose strides(int height, int width) {
    return Vary.of(this, "strides", Pair.of(height, width));
  }

  public Conv2DTranspose padding(Padding padding) {
    return Vary.of(this, "padding", padding);
  }

  public Conv2DTranspose outputPadding(int both) {
    return outputPadding(both, both);
  }

  public Conv2DTranspose outputPadding(int height, int width) {
    return Vary.of(this, "outputPadding", Optional.of(Pair.of(height, width)));
  }

  public Conv2DTranspose dilationRate(int both) {
    return dilationRate(both, both);
  }

  public Conv2DTranspose dilationRate(int height, int width) {
    return Vary.of(this, "dilationRate", Pair.of(height, width));
  }

  public Conv2DTranspose activation(ActivationFunction activation) {
    return Vary.of(this, "activation", activation);
  }

  public Conv2DTranspose useBias(boolean useBias) {
    return Vary.of(this, "useBias", useBias);
  }

  public Conv2DTranspose kernelInitializer(Initializer initializer) {
    return Vary.of(this, "kernel", kernel.initializer(initializer));
  }

  public Conv2DTranspose kernelRegularizer(Regularizer regularizer) {
    return Vary.of(this, "kernel", kernel.regularizer(regularizer));
  }

  public Conv2DTranspose kernelConstraint(Constraint constraint) {
    return Vary.of(this, "kernel", kernel.constraint(constraint));
  }

  public Conv2DTranspose biasInitializer(Initializer initializer) {
    return Vary.of(this, "bias", bias.initializer(initializer));
  }

  public Conv2DTranspose biasRegularizer(Regularizer regularizer) {
    return Vary.of(this, "bias", bias.regularizer(regularizer));
  }

  public Conv2DTranspose biasConstraint(Constraint constraint) {
    return Vary.of(this, "bias", bias.constraint(constraint));
  }

  /// A price for large results.
  public Conv2DTranspose activityRegularizer(Regularizer regularizer) {
    return Vary.of(this, "activityRegularizer", Optional.of(regularizer));
  }

  @Override
  public Node call(Call call, Node x) {
    Shape shape = x.shape();
    if (shape.rank() != 4) {
      throw call.rejects(
          "pictures (batch, height, width, channels)", shape, "Reshape to pictures first.");
    }
    Widening rows = widening(kernelSize.height(), strides.height(), dilationRate.height(), 0);
    Widening columns = widening(kernelSize.width(), strides.width(), dilationRate.width(), 1);
    Window window =
        new Window(
            kernelSize.height(),
            kernelSize.width(),
            strides.height(),
            strides.width(),
            dilationRate.height(),
            dilationRate.width(),
            rows.before(),
            columns.before(),
            rows.after(),
            columns.after());
    Shape kernelShape = Shape.of(kernelSize.height(), kernelSize.width(), filters, shape.dim(3));
    Node weights = call.weight("kernel", kernelShape, kernel);
    Node y =
        Ops.conv2dTranspose(
            x, weights, window, rows.size(shape.dim(1)), columns.size(shape.dim(2)));
    if (useBias) {
      y = Ops.add(y, call.weight("bias", Shape.of(filters), bias));
    }
    return call.regularized(Precise.apply(activation, y), activityRegularizer);
  }

  private Widening widening(int kernel, int stride, int dilation, int axis) {
    int added =
        outputPadding.map(pair -> axis == 0 ? pair.height() : pair.width()).orElse(Widening.USUAL);
    return Widening.of((kernel - 1) * dilation + 1, stride, padding, added);
  }
}
