package io.kalamos.activations;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;

/// x times the normal distribution's function of x (Hendrycks and Gimpel, 2016); Keras's `gelu`.
///
/// @param approximate takes 0.5 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x³))) for that function
public record Gelu(boolean approximate) implements ActivationFunction {
  public static Gelu of() {
    return new Gelu(false);
  }

  public static Gelu of(boolean approximate) {
    return new Gelu(approximate);
  }

  @Override
  public String name() {
    return "gelu";
  }

  @Override
  public Node apply(Node x) {
    Node odd =
        approximate
            ? tanh(
                multiply(
                    add(x, multiply(multiply(square(x), x), 0.044715)), Math.sqrt(2 / Math.PI)))
            : erf(multiply(x, Math.sqrt(0.5)));
    return multiply(multiply(x, 0.5), add(odd, 1));
  }
}
