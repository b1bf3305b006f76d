package io.kalamos.initializers;

import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;

/// Normal values, drawn again beyond two deviations; the cut makes the deviation 0.88 times
/// smaller.
public record TruncatedNormal(double mean, double stddev) implements Initializer {
  public TruncatedNormal {
    Refusal.unlessFinite("TruncatedNormal", "mean", mean, "Keras's default is 0.");
    Refusal.unlessNotNegative("TruncatedNormal", "stddev", stddev, "Keras's default is 0.05.");
  }

  public static TruncatedNormal of() {
    return new TruncatedNormal(0, 0.05);
  }

  public TruncatedNormal mean(double mean) {
    return new TruncatedNormal(mean, stddev);
  }

  public TruncatedNormal stddev(double stddev) {
    return new TruncatedNormal(mean, stddev);
  }

  @Override
  public void fill(Tensor weight, long seed, int stream) {
    Distribution.TRUNCATED_NORMAL.fill(weight, mean, stddev, seed, stream);
  }
}
