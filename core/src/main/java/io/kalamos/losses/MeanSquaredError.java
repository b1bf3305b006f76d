package io.kalamos.losses;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import java.util.Objects;

/// The mean of (target - prediction)² over the last axis. Keras class `MeanSquaredError`.
public record MeanSquaredError(String name, Reduction reduction)
    implements KerasLoss<MeanSquaredError> {
  public MeanSquaredError {
    Objects.requireNonNull(name);
    Objects.requireNonNull(reduction);
  }

  public static MeanSquaredError of() {
    return new MeanSquaredError("mean_squared_error", Reduction.SUM_OVER_BATCH_SIZE);
  }

  @Override
  public TargetKind target() {
    return TargetKind.SAME_SHAPE;
  }

  @Override
  public Node call(Node target, Node prediction) {
    Node wide = Operands.wide(prediction);
    Node given = Operands.same(name, target, wide);
    return Operands.meanOverLast(square(subtract(given, wide)));
  }
}
