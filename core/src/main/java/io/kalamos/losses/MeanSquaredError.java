package io.kalamos.losses;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;

/// The mean of (target - prediction)² over all outputs.
public record MeanSquaredError() implements Loss {
  public static MeanSquaredError of() {
    return new MeanSquaredError();
  }

  @Override
  public String name() {
    return "mean_squared_error";
  }

  @Override
  public TargetKind target() {
    return TargetKind.SAME_SHAPE;
  }

  @Override
  public Node call(Node target, Node prediction) {
    Node wide = Operands.wide(prediction);
    return Operands.meanOverLast(square(subtract(Operands.same(name(), target, wide), wide)));
  }
}
