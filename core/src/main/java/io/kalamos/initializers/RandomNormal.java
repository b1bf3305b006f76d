package io.kalamos.initializers;

import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;

/// Normal values.
public record RandomNormal(double mean, double stddev) implements Initializer {
  public RandomNormal {
    Refusal.unlessFinite("RandomNormal", "mean", mean, "Keras's default is 0.");
    Refusal.unlessNotNegative("RandomNormal", "stddev", stddev, "Keras's default is 0.05.");
  }

  public static RandomNormal of() {
    return new RandomNormal(0, 0.05);
  }

  public RandomNormal mean(double mean) {
    return new RandomNormal(mean, stddev);
  }

  public RandomNormal stddev(double stddev) {
    return new RandomNormal(mean, stddev);
  }

  @Override
  public void fill(Tensor weight, long seed, int stream) {
    Distribution.UNTRUNCATED_NORMAL.fill(weight, mean, stddev, seed, stream);
  }
}
