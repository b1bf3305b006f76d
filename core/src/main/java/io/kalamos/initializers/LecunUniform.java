package io.kalamos.initializers;

import io.kalamos.engine.Tensor;

/// Uniform within sqrt(3 / fan in) (Klambauer et al., 2017).
public record LecunUniform() implements Initializer {
  private static final VarianceScaling SCALING =
      new VarianceScaling(1, VarianceScaling.Mode.FAN_IN, Distribution.UNIFORM);

  public static LecunUniform of() {
    return new LecunUniform();
  }

  @Override
  public void fill(Tensor weight, long seed, int stream) {
    SCALING.fill(weight, seed, stream);
  }
}
