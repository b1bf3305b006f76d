package io.kalamos.initializers;

import io.kalamos.engine.Tensor;

/// Truncated normal of variance 2 / (fan in + fan out) (Glorot and Bengio, 2010).
public record GlorotNormal() implements Initializer {
  private static final VarianceScaling SCALING =
      new VarianceScaling(1, VarianceScaling.Mode.FAN_AVG, Distribution.TRUNCATED_NORMAL);

  public static GlorotNormal of() {
    return new GlorotNormal();
  }

  @Override
  public void fill(Tensor weight, long seed, int stream) {
    SCALING.fill(weight, seed, stream);
  }
}
