package io.kalamos.layers;

import io.kalamos.activations.ActivationFunction;
import io.kalamos.activations.Activations;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.initializers.GlorotUniform;
import io.kalamos.initializers.Initializer;
import io.kalamos.initializers.Zeros;
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
    Initializer kernelInitializer,
    Initializer biasInitializer,
    Optional<Regularizer> kernelRegularizer,
    Optional<Regularizer> biasRegularizer)
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
        GlorotUniform.of(),
        Zeros.of(),
        Optional.empty(),
        Optional.empty());
  }

  @Override
  public Dense named(String name) {
    return new Dense(
        Optional.of(name),
        units,
        activation,
        useBias,
        kernelInitializer,
        biasInitializer,
        kernelRegularizer,
        biasRegularizer);
  }

  public Dense activation(ActivationFunction activation) {
    return new Dense(
        name,
        units,
        activation,
        useBias,
        kernelInitializer,
        biasInitializer,
        kernelRegularizer,
        biasRegularizer);
  }

  public Dense useBias(boolean useBias) {
    return new Dense(
        name,
        units,
        activation,
        useBias,
        kernelInitializer,
        biasInitializer,
        kernelRegularizer,
        biasRegularizer);
  }

  public Dense kernelInitializer(Initializer initializer) {
    return new Dense(
        name,
        units,
        activation,
        useBias,
        initializer,
        biasInitializer,
        kernelRegularizer,
        biasRegularizer);
  }

  public Dense biasInitializer(Initializer initializer) {
    return new Dense(
        name,
        units,
        activation,
        useBias,
        kernelInitializer,
        initializer,
        kernelRegularizer,
        biasRegularizer);
  }

  public Dense kernelRegularizer(Regularizer regularizer) {
    return new Dense(
        name,
        units,
        activation,
        useBias,
        kernelInitializer,
        biasInitializer,
        Optional.of(regularizer),
        biasRegularizer);
  }

  public Dense biasRegularizer(Regularizer regularizer) {
    return new Dense(
        name,
        units,
        activation,
        useBias,
        kernelInitializer,
        biasInitializer,
        kernelRegularizer,
        Optional.of(regularizer));
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
    Node kernel =
        call.weight("kernel", Shape.of(features, units), kernelInitializer, kernelRegularizer);
    int rows = Math.toIntExact(shape.product(0, shape.rank() - 1));
    Node y = Ops.matmul(Ops.reshape(x, Shape.of(rows, features)), kernel);
    if (useBias) {
      y = Ops.add(y, call.weight("bias", Shape.of(units), biasInitializer, biasRegularizer));
    }
    return Precise.apply(activation, Ops.reshape(y, shape.with(-1, units)));
  }
}
