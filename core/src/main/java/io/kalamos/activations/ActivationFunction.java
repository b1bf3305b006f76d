package io.kalamos.activations;

import io.kalamos.engine.Node;

/// A function that a layer applies to its result; the shape stays, but for `glu`. Ours are in
/// [Activations], an own one is a lambda over `Ops`.
@FunctionalInterface
public interface ActivationFunction {
  Node apply(Node x);

  /// Keras's name, such as `relu`; what summaries and files show.
  default String name() {
    return "custom";
  }

  /// The same function under a name of its own.
  default ActivationFunction named(String name) {
    return new NamedActivation(name, this);
  }
}
