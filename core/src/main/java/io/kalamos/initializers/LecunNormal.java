package io.kalamos.initializers;

import io.kalamos.engine.Tensor;

/// Truncated normal of variance 1 / fan in (Klambauer et al., 2017).
public record LecunNormal() implements Initializer {
  private static final VarianceScaling SCALING =
      new VarianceScaling(1, VarianceScaling.Mode.FAN_IN, Distribution.TRUNCATED_NORMAL);

  public static LecunNormal of() {
    return new LecunNormal();
  }

  @Override
  public void fill(Tensor weight, long seed, int stream) {
    SCALING.fill(weight, seed, stream);
  }
}
