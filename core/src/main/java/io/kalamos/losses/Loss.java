package io.kalamos.losses;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;

/// What training makes small. Ours are in [Losses]; an own one is a lambda over `Ops`.
@FunctionalInterface
public interface Loss {
  /// The loss of each sample, shape (batch): the mean over all axes but the first.
  Node perSample(Node target, Node prediction);

  /// The mean over the batch, a single number: Keras's reduction `sum_over_batch_size`.
  default Node mean(Node target, Node prediction) {
    return Ops.meanAll(perSample(target, prediction));
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
