package io.kalamos.initializers;

import io.kalamos.engine.CounterRandom;
import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;

/// Any value from `minval` to `maxval` alike.
public record RandomUniform(double minval, double maxval) implements Initializer {
  public RandomUniform {
    String where = "RandomUniform";
    Refusal.unlessFinite(where, "minval", minval, "Keras's default is -0.05.");
    Refusal.unlessFinite(where, "maxval", maxval, "Keras's default is 0.05.");
    if (minval > maxval) {
      throw Refusal.of(
          where, "maxval of at least minval=" + minval, "maxval", maxval, "Swap them.");
    }
  }

  public static RandomUniform of() {
    return new RandomUniform(-0.05, 0.05);
  }

  public static RandomUniform of(double minval, double maxval) {
    return new RandomUniform(minval, maxval);
  }

  @Override
  public void fill(Tensor weight, long seed, int stream) {
    for (int i = 0; i < weight.size(); i++) {
      double unit = CounterRandom.uniform(seed, stream, 0, i);
      weight.set(i, minval + (maxval - minval) * unit);
    }
  }
}
