package io.kalamos.losses;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import java.util.Objects;

/// The mean of max(1 - target * prediction, 0) over the last axis. Targets are -1 and 1; where all
/// of a batch are 0 and 1, 0 stands for -1. Keras class `Hinge`.
public record Hinge(String name, Reduction reduction) implements KerasLoss<Hinge> {
  public Hinge {
    Objects.requireNonNull(name);
    Objects.requireNonNull(reduction);
  }

  public static Hinge of() {
    return new Hinge("hinge", Reduction.SUM_OVER_BATCH_SIZE);
  }

  @Override
  public TargetKind target() {
    return TargetKind.SIGN;
  }

  @Override
  public Node call(Node target, Node prediction) {
    Node wide = Operands.wide(prediction);
    return Operands.meanOverLast(missing(Operands.same(name, target, wide), wide));
  }

  /// max(1 - target * prediction, 0) with targets of either kind.
  static Node missing(Node target, Node prediction) {
    Node binary = add(equal(target, like(target, 0)), equal(target, like(target, 1)));
    Node all = equal(sumAll(binary), like(target, target.shape().size()));
    Node signs = add(target, multiply(subtract(target, 1), all));
    return maximum(subtract(1, multiply(signs, prediction)), 0);
  }
}
