package io.kalamos.initializers;

import io.kalamos.engine.Tensor;

/// Truncated normal of variance 2 / fan in, for layers with relu (He et al., 2015).
public record HeNormal() implements Initializer {
  private static final VarianceScaling SCALING =
      new VarianceScaling(2, VarianceScaling.Mode.FAN_IN, Distribution.TRUNCATED_NORMAL);

  public static HeNormal of() {
    return new HeNormal();
  }

  @Override
  public void fill(Tensor weight, long seed, int stream) {
    SCALING.fill(weight, seed, stream);
  }
}
