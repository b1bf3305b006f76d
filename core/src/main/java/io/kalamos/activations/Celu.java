package io.kalamos.activations;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.options.Refusal;

/// x above 0, alpha * (exp(x / alpha) - 1) below: an elu without a kink at 0 for any alpha (Barron,
/// 2017); Keras's `celu`.
public record Celu(double alpha) implements ActivationFunction {
  public Celu {
    Refusal.unlessPositive("celu", "alpha", alpha, "Keras's default is 1.");
  }

  public static Celu of() {
    return new Celu(1);
  }

  public static Celu of(double alpha) {
    return new Celu(alpha);
  }

  @Override
  public String name() {
    return "celu";
  }

  @Override
  public Node apply(Node x) {
    return Activations.unlessPositive(
        x, below -> Ops.multiply(Activations.expMinusOne(Ops.divide(below, alpha)), alpha));
  }
}
