package io.kalamos.initializers;

import io.kalamos.engine.Tensor;

/// Uniform within sqrt(6 / fan in), for layers with relu (He et al., 2015).
public record HeUniform() implements Initializer {
  private static final VarianceScaling SCALING =
      new VarianceScaling(2, VarianceScaling.Mode.FAN_IN, Distribution.UNIFORM);

  public static HeUniform of() {
    return new HeUniform();
  }

  @Override
  public void fill(Tensor weight, long seed, int stream) {
    SCALING.fill(weight, seed, stream);
  }
}
