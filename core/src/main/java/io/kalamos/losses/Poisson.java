package io.kalamos.losses;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import java.util.Objects;

/// The mean of prediction - target * log(prediction) over the last axis, for counts; predictions
/// are positive, from `exp` or softplus. Keras class `Poisson`.
public record Poisson(String name, Reduction reduction) implements KerasLoss<Poisson> {
  public Poisson {
    Objects.requireNonNull(name);
    Objects.requireNonNull(reduction);
  }

  public static Poisson of() {
    return new Poisson("poisson", Reduction.SUM_OVER_BATCH_SIZE);
  }

  @Override
  public TargetKind target() {
    return TargetKind.NOT_NEGATIVE;
  }

  @Override
  public Node call(Node target, Node prediction) {
    Node wide = Operands.wide(prediction);
    Node given = Operands.same(name, target, wide);
    Node logs = log(add(wide, LogProbabilities.EPSILON));
    return Operands.meanOverLast(subtract(wide, multiply(given, logs)));
  }
}
