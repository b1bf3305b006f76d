package io.kalamos.regularizers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.options.Refusal;

/// l1 * the sum of the absolute values + l2 * the sum of the squares.
public record L1L2(double l1, double l2) implements Regularizer {
  public L1L2 {
    Refusal.unlessNotNegative("L1L2", "l1", l1, "Use 0 for no such penalty.");
    Refusal.unlessNotNegative("L1L2", "l2", l2, "Use 0 for no such penalty.");
  }

  public static L1L2 of() {
    return new L1L2(0, 0);
  }

  public static L1L2 of(double l1, double l2) {
    return new L1L2(l1, l2);
  }

  @Override
  public Node penalty(Node weight) {
    return Ops.add(L1.of(l1).penalty(weight), L2.of(l2).penalty(weight));
  }
}
