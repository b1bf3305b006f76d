package io.kalamos.regularizers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.options.Refusal;

/// l1 * the sum of the absolute values, whose derivative at 0 is 0.
public record L1(double l1) implements Regularizer {
  public L1 {
    Refusal.unlessNotNegative("L1", "l1", l1, "Keras's default is 0.01.");
  }

  public static L1 of() {
    return new L1(0.01);
  }

  public static L1 of(double l1) {
    return new L1(l1);
  }

  @Override
  public Node penalty(Node weight) {
    return Ops.multiply(Ops.sumAll(Ops.abs(weight)), l1);
  }
}
