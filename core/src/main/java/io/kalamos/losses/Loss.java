package io.kalamos.losses;

import io.kalamos.engine.Node;
import java.util.Optional;

/// What training makes small. Ours are in [Losses]; an own one is a lambda over `Ops`.
@FunctionalInterface
public interface Loss {
  /// The loss of each sample, shape (batch), or of each place of a sample: the shape of the
  /// predictions without their last axis. Not reduced, not weighted.
  Node call(Node target, Node prediction);

  /// Which of the losses count, 1 or 0 for each, where some do not: Keras's `ignore_class`.
  default Optional<Node> counted(Node target, Node losses) {
    return Optional.empty();
  }

  default Reduction reduction() {
    return Reduction.SUM_OVER_BATCH_SIZE;
  }

  /// The reduced loss, a single number.
  default Node reduced(Node target, Node prediction) {
    return weighted(target, prediction, Optional.empty(), Optional.empty());
  }

  /// The same where samples have weights or some time steps do not count, in Keras's order: losses
  /// times weights times mask, then the reduction.
  ///
  /// @param weight of each sample, (batch), or of each loss
  /// @param mask of the time steps that count, (batch, steps), 1 or 0
  default Node weighted(Node target, Node prediction, Optional<Node> weight, Optional<Node> mask) {
    Node losses = call(target, prediction);
    Optional<Node> counted = SampleWeights.masked(mask, counted(target, losses));
    return reduction().of(losses, weight, counted);
  }

  /// Keras's name, such as `mean_squared_error`.
  default String name() {
    return "custom_loss";
  }

  /// The same loss under a name of its own.
  default Loss named(String name) {
    return new NamedLoss(name, this);
  }

  /// Which targets fit.
  default TargetKind target() {
    return TargetKind.ANY;
  }
}
