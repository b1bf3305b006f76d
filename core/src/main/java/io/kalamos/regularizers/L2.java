package io.kalamos.regularizers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.options.Refusal;

/// l2 * the sum of the squares.
public record L2(double l2) implements Regularizer {
  public L2 {
    Refusal.unlessNotNegative("L2", "l2", l2, "Keras's default is 0.01.");
  }

  public static L2 of() {
    return new L2(0.01);
  }

  public static L2 of(double l2) {
    return new L2(l2);
  }

  @Override
  public Node penalty(Node weight) {
    return Ops.multiply(Ops.sumAll(Ops.square(weight)), l2);
  }
}
