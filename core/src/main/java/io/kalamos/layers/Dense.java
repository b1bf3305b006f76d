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

/// activation(x · kernel + bias): (batch, ..., features) becomes (batch, ..., units).
///
/// Weights: kernel (features, units), bias (units). Keras class `Dense`.
public record Dense(
    Optional<String> name,
    int units,
    ActivationFunction activation,
    boolean useBias,
    WeightOptions kernel,
    WeightOptions bias,
    Optional<Regularizer> activityRegularizer)
    implements Layer {
  public Dense {
    name.ifPresent(n -> Options.name("Dense", n));
    Options.positive("Dense", "units", units);
  }

  public static Dense of(int units) {
    return new Dense(
        Optional.empty(),
        units,
        Activations.LINEAR,
        true,
        WeightOptions.of(GlorotUniform.of()),
        WeightOptions.of(Zeros.of()),
        Optional.empty());
  }

  @Override
  public Dense named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public Dense activation(ActivationFunction activation) {
    return Vary.of(this, "activation", activation);
  }

  public Dense useBias(boolean useBias) {
    return Vary.of(this, "useBias", useBias);
  }

  public Dense kernelInitializer(Initializer initializer) {
    return Vary.of(this, "kernel", kernel.initializer(initializer));
  }

  public Dense kernelRegularizer(Regularizer regularizer) {
    return Vary.of(this, "kernel", kernel.regularizer(regularizer));
  }

  public Dense kernelConstraint(Constraint constraint) {
    return Vary.of(this, "kernel", kernel.constraint(constraint));
  }

  public Dense biasInitializer(Initializer initializer) {
    return Vary.of(this, "bias", bias.initializer(initializer));
  }

  public Dense biasRegularizer(Regularizer regularizer) {
    return Vary.of(this, "bias", bias.regularizer(regularizer));
  }

  public Dense biasConstraint(Constraint constraint) {
    return Vary.of(this, "bias", bias.constraint(constraint));
  }

  /// A price for large results.
  public Dense activityRegularizer(Regularizer regularizer) {
    return Vary.of(this, "activityRegularizer", Optional.of(regularizer));
  }

  @Override
  public boolean passesMask() {
    return true;
  }

  @Override
  public Node call(Call call, Node x) {
    Shape shape = x.shape();
    if (shape.rank() < 2) {
      throw call.rejects(
          "(batch, features) or more axes",
          shape,
          "Give each sample at least one feature: Input.of(1) for single numbers.");
    }
    int features = shape.dim(-1);
    Node weights = call.weight("kernel", Shape.of(features, units), kernel);
    int rows = Math.toIntExact(shape.product(0, shape.rank() - 1));
    Node y = Ops.matmul(Ops.reshape(x, Shape.of(rows, features)), weights);
    if (useBias) {
      y = Ops.add(y, call.weight("bias", Shape.of(units), bias));
    }
    return call.regularized(
        Precise.apply(activation, Ops.reshape(y, shape.with(-1, units))), activityRegularizer);
  }
}
