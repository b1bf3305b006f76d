package io.kalamos.activations;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.options.Refusal;

/// x above the threshold, else defaultValue; Keras's `threshold`.
public record Threshold(double threshold, double defaultValue) implements ActivationFunction {
  public Threshold {
    String toDo = "Give a number, such as 0.";
    Refusal.unlessFinite("threshold", "threshold", threshold, toDo);
    Refusal.unlessFinite("threshold", "defaultValue", defaultValue, toDo);
  }

  public static Threshold of(double threshold, double defaultValue) {
    return new Threshold(threshold, defaultValue);
  }

  @Override
  public String name() {
    return "threshold";
  }

  @Override
  public Node apply(Node x) {
    return Ops.select(Ops.greater(x, threshold), x, Ops.like(x, defaultValue));
  }
}
