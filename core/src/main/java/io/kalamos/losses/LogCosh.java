package io.kalamos.losses;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import java.util.Objects;

/// The mean of log(cosh(prediction - target)) over the last axis: half the square of small errors,
/// |error| - log 2 of large ones. Keras class `LogCosh`.
public record LogCosh(String name, Reduction reduction) implements KerasLoss<LogCosh> {
  public LogCosh {
    Objects.requireNonNull(name);
    Objects.requireNonNull(reduction);
  }

  public static LogCosh of() {
    return new LogCosh("log_cosh", Reduction.SUM_OVER_BATCH_SIZE);
  }

  @Override
  public TargetKind target() {
    return TargetKind.SAME_SHAPE;
  }

  @Override
  public Node call(Node target, Node prediction) {
    Node wide = Operands.wide(prediction);
    Node given = Operands.same(name, target, wide);
    Node error = abs(subtract(wide, given));
    Node tail = log(add(exp(multiply(error, -2)), 1));
    return Operands.meanOverLast(subtract(add(error, tail), Math.log(2)));
  }
}
