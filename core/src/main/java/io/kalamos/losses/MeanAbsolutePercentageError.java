package io.kalamos.losses;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import java.util.Objects;

/// The mean of 100 |target - prediction| / |target| over the last axis, where |target| counts as
/// 1e-7 at least. Keras class `MeanAbsolutePercentageError`.
public record MeanAbsolutePercentageError(String name, Reduction reduction)
    implements KerasLoss<MeanAbsolutePercentageError> {
  public MeanAbsolutePercentageError {
    Objects.requireNonNull(name);
    Objects.requireNonNull(reduction);
  }

  public static MeanAbsolutePercentageError of() {
    return new MeanAbsolutePercentageError(
        "mean_absolute_percentage_error", Reduction.SUM_OVER_BATCH_SIZE);
  }

  @Override
  public TargetKind target() {
    return TargetKind.SAME_SHAPE;
  }

  @Override
  public Node call(Node target, Node prediction) {
    Node wide = Operands.wide(prediction);
    Node given = Operands.same(name, target, wide);
    Node size = maximum(abs(given), LogProbabilities.EPSILON);
    return multiply(Operands.meanOverLast(abs(divide(subtract(given, wide), size))), 100);
  }
}
