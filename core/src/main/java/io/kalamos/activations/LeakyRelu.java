package io.kalamos.activations;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.options.Refusal;

/// x from 0 on, negativeSlope * x below; Keras's `leaky_relu`.
public record LeakyRelu(double negativeSlope) implements ActivationFunction {
  public LeakyRelu {
    Refusal.unlessFinite("leaky_relu", "negativeSlope", negativeSlope, "Keras's default is 0.2.");
  }

  public static LeakyRelu of() {
    return new LeakyRelu(0.2);
  }

  public static LeakyRelu of(double negativeSlope) {
    return new LeakyRelu(negativeSlope);
  }

  @Override
  public String name() {
    return "leaky_relu";
  }

  @Override
  public Node apply(Node x) {
    return Ops.select(Ops.greaterEqual(x, 0), x, Ops.multiply(x, negativeSlope));
  }
}
