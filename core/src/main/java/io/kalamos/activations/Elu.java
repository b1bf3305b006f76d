package io.kalamos.activations;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.options.Refusal;

/// x above 0, alpha * (exp(x) - 1) below (Clevert et al., 2016); Keras's `elu`.
public record Elu(double alpha) implements ActivationFunction {
  public Elu {
    Refusal.unlessFinite("elu", "alpha", alpha, "Keras's default is 1.");
  }

  public static Elu of() {
    return new Elu(1);
  }

  public static Elu of(double alpha) {
    return new Elu(alpha);
  }

  @Override
  public String name() {
    return "elu";
  }

  @Override
  public Node apply(Node x) {
    return Activations.unlessPositive(
        x, below -> Ops.multiply(Activations.expMinusOne(below), alpha));
  }
}
