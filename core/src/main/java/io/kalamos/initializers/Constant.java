package io.kalamos.initializers;

import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;

/// The same number everywhere.
public record Constant(double value) implements Initializer {
  public Constant {
    Refusal.unlessFinite("Constant", "value", value, "Keras's default is 0.");
  }

  public static Constant of() {
    return new Constant(0);
  }

  public static Constant of(double value) {
    return new Constant(value);
  }

  @Override
  public void fill(Tensor weight, long seed, int stream) {
    for (long i = 0; i < weight.size(); i++) {
      weight.set(i, value);
    }
  }
}
