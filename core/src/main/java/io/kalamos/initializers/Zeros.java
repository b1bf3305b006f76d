package io.kalamos.initializers;

import io.kalamos.engine.Tensor;

/// 0 everywhere.
public record Zeros() implements Initializer {
  public static Zeros of() {
    return new Zeros();
  }

  @Override
  public void fill(Tensor weight, long seed, int stream) {
    Constant.of(0).fill(weight, seed, stream);
  }
}
