package io.kalamos.optimizers;

import io.kalamos.engine.Node;
import java.util.function.LongToDoubleFunction;

/// One weight's part of the step, as an optimizer writes it.
public interface Update {
  /// The learning rate of this step, a single float32.
  Node learningRate();

  /// The number of this update, a single float32: 1 at the first.
  Node iteration();

  /// A number that follows from the number of the update, a single float32: computed on the host
  /// before each step, once for all weights. The same name means the same number.
  Node number(String name, LongToDoubleFunction ofIteration);

  /// The current value of a variable that belongs to the weight: its shape and type, `initial`
  /// everywhere at the first step.
  Node slot(String name, double initial);

  /// A slot of zeros at the first step.
  default Node slot(String name) {
    return slot(name, 0);
  }

  /// The slot's value from the next step on.
  void assign(String slot, Node value);

  /// The weight's value from the next step on.
  void assignWeight(Node value);
}
