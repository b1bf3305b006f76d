package io.kalamos.activations;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.options.Refusal;

/// x where |x| is above the threshold, else 0; Keras's `hard_shrink`.
public record HardShrink(double threshold) implements ActivationFunction {
  public HardShrink {
    Refusal.unlessNotNegative("hard_shrink", "threshold", threshold, "Keras's default is 0.5.");
  }

  public static HardShrink of() {
    return new HardShrink(0.5);
  }

  public static HardShrink of(double threshold) {
    return new HardShrink(threshold);
  }

  @Override
  public String name() {
    return "hard_shrink";
  }

  @Override
  public Node apply(Node x) {
    return Ops.select(Ops.greater(Ops.abs(x), threshold), x, Ops.like(x, 0));
  }
}
