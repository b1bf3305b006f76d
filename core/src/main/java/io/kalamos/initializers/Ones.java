package io.kalamos.initializers;

import io.kalamos.engine.Tensor;

/// 1 everywhere.
public record Ones() implements Initializer {
  public static Ones of() {
    return new Ones();
  }

  @Override
  public void fill(Tensor weight, long seed, int stream) {
    Constant.of(1).fill(weight, seed, stream);
  }
}
