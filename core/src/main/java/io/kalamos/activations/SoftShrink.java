package io.kalamos.activations;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.options.Refusal;

/// x brought nearer to 0 by the threshold, at most to 0; Keras's `soft_shrink`.
public record SoftShrink(double threshold) implements ActivationFunction {
  public SoftShrink {
    Refusal.unlessNotNegative("soft_shrink", "threshold", threshold, "Keras's default is 0.5.");
  }

  public static SoftShrink of() {
    return new SoftShrink(0.5);
  }

  public static SoftShrink of(double threshold) {
    return new SoftShrink(threshold);
  }

  @Override
  public String name() {
    return "soft_shrink";
  }

  @Override
  public Node apply(Node x) {
    Node below = select(less(x, like(x, -threshold)), add(x, threshold), like(x, 0));
    return select(greater(x, threshold), subtract(x, threshold), below);
  }
}
