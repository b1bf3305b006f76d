package io.kalamos.losses;

import io.kalamos.engine.Node;
import java.util.Objects;
import java.util.Optional;

/// A loss under a name of its own.
record NamedLoss(String name, Loss loss) implements Loss {
  NamedLoss {
    Objects.requireNonNull(name);
    Objects.requireNonNull(loss);
  }

  @Override
  public Node call(Node target, Node prediction) {
    return loss.call(target, prediction);
  }

  @Override
  public Optional<Node> counted(Node target, Node losses) {
    return loss.counted(target, losses);
  }

  @Override
  public Reduction reduction() {
    return loss.reduction();
  }

  @Override
  public TargetKind target() {
    return loss.target();
  }
}
