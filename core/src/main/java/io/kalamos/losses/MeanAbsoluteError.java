package io.kalamos.losses;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;

/// The mean of |target - prediction| over all outputs.
public record MeanAbsoluteError() implements Loss {
  public static MeanAbsoluteError of() {
    return new MeanAbsoluteError();
  }

  @Override
  public String name() {
    return "mean_absolute_error";
  }

  @Override
  public TargetKind target() {
    return TargetKind.SAME_SHAPE;
  }

  @Override
  public Node call(Node target, Node prediction) {
    Node wide = Operands.wide(prediction);
    return Operands.meanOverLast(abs(subtract(Operands.same(name(), target, wide), wide)));
  }
}
