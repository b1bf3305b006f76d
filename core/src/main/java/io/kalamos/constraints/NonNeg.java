package io.kalamos.constraints;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;

/// No value is below 0; Keras's `NonNeg`.
public record NonNeg() implements Constraint {
  public static NonNeg of() {
    return new NonNeg();
  }

  @Override
  public Node project(Node weight) {
    return Ops.maximum(weight, 0);
  }
}
