package io.kalamos.optimizers;

import io.kalamos.engine.Node;

/// One weight's part of the step, as an optimizer writes it.
public interface Update {
  /// The learning rate of this step, a single float32.
  Node learningRate();

  /// The number of this step, a single float32: 1 at the first.
  Node iteration();

  /// The current value of a variable that belongs to the weight: its shape and type, zeros at the
  /// first step.
  Node slot(String name);

  /// The slot's value from the next step on.
  void assign(String slot, Node value);

  /// The weight's value from the next step on.
  void assignWeight(Node value);
}
