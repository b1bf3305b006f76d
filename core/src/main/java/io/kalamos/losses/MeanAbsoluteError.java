package io.kalamos.losses;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import java.util.Objects;

/// The mean of |target - prediction| over the last axis. Keras class `MeanAbsoluteError`.
public record MeanAbsoluteError(String name, Reduction reduction)
    implements KerasLoss<MeanAbsoluteError> {
  public MeanAbsoluteError {
    Objects.requireNonNull(name);
    Objects.requireNonNull(reduction);
  }

  public static MeanAbsoluteError of() {
    return new MeanAbsoluteError("mean_absolute_error", Reduction.SUM_OVER_BATCH_SIZE);
  }

  @Override
  public TargetKind target() {
    return TargetKind.SAME_SHAPE;
  }

  @Override
  public Node call(Node target, Node prediction) {
    Node wide = Operands.wide(prediction);
    Node given = Operands.same(name, target, wide);
    return Operands.meanOverLast(abs(subtract(given, wide)));
  }
}
