package io.kalamos.activations;

import io.kalamos.engine.Node;
import java.util.Objects;

/// A function with a name.
record NamedActivation(String name, Activation function) implements Activation {
  NamedActivation {
    Objects.requireNonNull(name);
    Objects.requireNonNull(function);
  }

  @Override
  public Node apply(Node x) {
    return function.apply(x);
  }

  @Override
  public Activation named(String other) {
    return new NamedActivation(other, function);
  }

  @Override
  public String toString() {
    return name;
  }
}
