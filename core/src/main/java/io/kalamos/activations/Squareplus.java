package io.kalamos.activations;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.options.Refusal;

/// (x + sqrt(x² + b)) / 2, a softplus of simple arithmetic (Barron, 2021); Keras's `squareplus`.
///
/// Below 0 written as b / 2 / (sqrt(x² + b) - x), where nothing cancels out.
public record Squareplus(double b) implements ActivationFunction {
  public Squareplus {
    Refusal.unlessPositive("squareplus", "b", b, "Keras's default is 4.");
  }

  public static Squareplus of() {
    return new Squareplus(4);
  }

  public static Squareplus of(double b) {
    return new Squareplus(b);
  }

  @Override
  public String name() {
    return "squareplus";
  }

  @Override
  public Node apply(Node x) {
    Node root = sqrt(add(square(x), b));
    Node positive = greater(x, 0);
    Node below = divide(b / 2, subtract(root, select(positive, like(x, 0), x)));
    return select(positive, multiply(add(x, root), 0.5), below);
  }
}
