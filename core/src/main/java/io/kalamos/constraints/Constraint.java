package io.kalamos.constraints;

import io.kalamos.engine.Node;

/// What a weight must keep to: applied to its new value at the end of each training step.
@FunctionalInterface
public interface Constraint {
  /// The nearest allowed value of a weight, of its shape and type.
  Node project(Node weight);
}
