package io.kalamos.losses;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import java.util.Objects;

/// The mean of (log(1 + target) - log(1 + prediction))² over the last axis; numbers below 1e-7
/// count as 1e-7. Keras class `MeanSquaredLogarithmicError`.
public record MeanSquaredLogarithmicError(String name, Reduction reduction)
    implements KerasLoss<MeanSquaredLogarithmicError> {
  public MeanSquaredLogarithmicError {
    Objects.requireNonNull(name);
    Objects.requireNonNull(reduction);
  }

  public static MeanSquaredLogarithmicError of() {
    return new MeanSquaredLogarithmicError(
        "mean_squared_logarithmic_error", Reduction.SUM_OVER_BATCH_SIZE);
  }

  @Override
  public TargetKind target() {
    return TargetKind.SAME_SHAPE;
  }

  @Override
  public Node call(Node target, Node prediction) {
    Node wide = Operands.wide(prediction);
    Node given = Operands.same(name, target, wide);
    return Operands.meanOverLast(square(subtract(log1p(wide), log1p(given))));
  }

  private static Node log1p(Node x) {
    return log(add(maximum(x, LogProbabilities.EPSILON), 1));
  }
}
