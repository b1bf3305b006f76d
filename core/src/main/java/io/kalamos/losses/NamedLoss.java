package io.kalamos.losses;

import io.kalamos.engine.Node;
import java.util.Objects;

/// A loss under a name of its own.
record NamedLoss(String name, Loss loss) implements Loss {
  NamedLoss {
    Objects.requireNonNull(name);
    Objects.requireNonNull(loss);
  }

  @Override
  public Node perSample(Node target, Node prediction) {
    return loss.perSample(target, prediction);
  }

  @Override
  public TargetKind target() {
    return loss.target();
  }
}
