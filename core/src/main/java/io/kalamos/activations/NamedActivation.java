package io.kalamos.activations;

import io.kalamos.engine.Node;
import java.util.Objects;

/// A function with a name.
record NamedActivation(String name, ActivationFunction function) implements ActivationFunction {
  NamedActivation {
    Objects.requireNonNull(name);
    Objects.requireNonNull(function);
  }

  @Override
  public Node apply(Node x) {
    return function.apply(x);
  }

  @Override
  public ActivationFunction named(String other) {
    return new NamedActivation(other, function);
  }

  @Override
  public String toString() {
    return name;
  }
}
