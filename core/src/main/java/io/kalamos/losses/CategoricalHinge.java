package io.kalamos.losses;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import java.util.Objects;

/// max(1 + the greatest prediction of a wrong class - that of the right one, 0) for one-hot
/// targets. Keras class `CategoricalHinge`.
public record CategoricalHinge(String name, Reduction reduction)
    implements KerasLoss<CategoricalHinge> {
  public CategoricalHinge {
    Objects.requireNonNull(name);
    Objects.requireNonNull(reduction);
  }

  public static CategoricalHinge of() {
    return new CategoricalHinge("categorical_hinge", Reduction.SUM_OVER_BATCH_SIZE);
  }

  @Override
  public TargetKind target() {
    return TargetKind.ONE_HOT;
  }

  @Override
  public Node call(Node target, Node prediction) {
    Node wide = Operands.wide(prediction);
    Node given = Operands.same(name, target, wide);
    Node right = Operands.sumOverLast(multiply(given, wide));
    Node wrong = Operands.withoutLast(maxLast(multiply(subtract(1, given), wide)));
    return maximum(add(subtract(wrong, right), 1), 0);
  }
}
