package io.kalamos.initializers;

import io.kalamos.engine.Tensor;

/// Uniform within sqrt(6 / (fan in + fan out)) (Glorot and Bengio, 2010); what Keras gives kernels.
public record GlorotUniform() implements Initializer {
  private static final VarianceScaling SCALING =
      new VarianceScaling(1, VarianceScaling.Mode.FAN_AVG, Distribution.UNIFORM);

  public static GlorotUniform of() {
    return new GlorotUniform();
  }

  @Override
  public void fill(Tensor weight, long seed, int stream) {
    SCALING.fill(weight, seed, stream);
  }
}
