package io.kalamos.regularizers;

import io.kalamos.engine.Node;

/// A price for large weights that training adds to the loss.
@FunctionalInterface
public interface Regularizer {
  /// What is added to the loss: a single number of the weight's type.
  Node penalty(Node weight);
}
