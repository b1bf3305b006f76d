package io.kalamos.initializers;

import io.kalamos.engine.ShapeException;
import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;

/// gain on the diagonal of a matrix, 0 elsewhere; Keras's `Identity`.
public record Identity(double gain) implements Initializer {
  public Identity {
    Refusal.unlessFinite("Identity", "gain", gain, "Keras's default is 1.");
  }

  public static Identity of() {
    return new Identity(1);
  }

  public static Identity of(double gain) {
    return new Identity(gain);
  }

  @Override
  public void fill(Tensor weight, long seed, int stream) {
    if (weight.shape().rank() != 2) {
      throw new ShapeException(
          "Identity: expected a weight with two axes, received shape="
              + weight.shape()
              + ". Use Orthogonal for kernels of convolutions.");
    }
    int columns = weight.shape().dim(1);
    weight.fill(i -> i / columns == i % columns ? gain : 0);
  }
}
