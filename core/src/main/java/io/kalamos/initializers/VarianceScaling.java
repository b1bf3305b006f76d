package io.kalamos.initializers;

import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;
import java.util.Objects;

/// Random values of variance scale / fan, so that signals neither grow nor fade from layer to
/// layer; Keras's `VarianceScaling`.
public record VarianceScaling(double scale, Mode mode, Distribution distribution)
    implements Initializer {
  /// The deviation that a standard normal distribution keeps when it is cut at two.
  private static final double CUT_DEVIATION = 0.87962566103423978;

  /// Which fan counts.
  public enum Mode {
    FAN_IN,
    FAN_OUT,
    FAN_AVG
  }

  public VarianceScaling {
    Refusal.unlessPositive("VarianceScaling", "scale", scale, "Use 1 (Glorot, LeCun) or 2 (He).");
    Objects.requireNonNull(mode);
    Objects.requireNonNull(distribution);
  }

  public static VarianceScaling of() {
    return new VarianceScaling(1, Mode.FAN_IN, Distribution.TRUNCATED_NORMAL);
  }

  public VarianceScaling scale(double scale) {
    return new VarianceScaling(scale, mode, distribution);
  }

  public VarianceScaling mode(Mode mode) {
    return new VarianceScaling(scale, mode, distribution);
  }

  public VarianceScaling distribution(Distribution distribution) {
    return new VarianceScaling(scale, mode, distribution);
  }

  @Override
  public void fill(Tensor weight, long seed, int stream) {
    Fans fans = Fans.of(weight.shape());
    double fan =
        switch (mode) {
          case FAN_IN -> fans.in();
          case FAN_OUT -> fans.out();
          case FAN_AVG -> (fans.in() + fans.out()) / 2.0;
        };
    double deviation = Math.sqrt(scale / Math.max(1, fan));
    double kept =
        switch (distribution) {
          case TRUNCATED_NORMAL -> CUT_DEVIATION;
          case UNIFORM, UNTRUNCATED_NORMAL -> 1;
        };
    distribution.fill(weight, 0, deviation / kept, seed, stream);
  }
}
