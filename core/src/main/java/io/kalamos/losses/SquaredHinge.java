package io.kalamos.losses;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import java.util.Objects;

/// The mean of max(1 - target * prediction, 0)² over the last axis, for targets as [Hinge] has
/// them. Keras class `SquaredHinge`.
public record SquaredHinge(String name, Reduction reduction) implements KerasLoss<SquaredHinge> {
  public SquaredHinge {
    Objects.requireNonNull(name);
    Objects.requireNonNull(reduction);
  }

  public static SquaredHinge of() {
    return new SquaredHinge("squared_hinge", Reduction.SUM_OVER_BATCH_SIZE);
  }

  @Override
  public TargetKind target() {
    return TargetKind.SIGN;
  }

  @Override
  public Node call(Node target, Node prediction) {
    Node wide = Operands.wide(prediction);
    Node missing = Hinge.missing(Operands.same(name, target, wide), wide);
    return Operands.meanOverLast(square(missing));
  }
}
