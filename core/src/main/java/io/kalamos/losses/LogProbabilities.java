package io.kalamos.losses;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.engine.RowSoftmax;

/// Logarithms of the probabilities of classes, along the last axis.
final class LogProbabilities {
  /// Keras's `epsilon()`.
  static final double EPSILON = 1e-7;

  private LogProbabilities() {}

  /// From logits, or from probabilities: those of a softmax by its logits, others divided by their
  /// sum and kept EPSILON away from 0 and 1.
  static Node of(Node prediction, boolean fromLogits) {
    if (fromLogits) {
      return logSoftmax(Operands.wide(prediction));
    }
    return Operands.below(new RowSoftmax(), prediction)
        .map(logits -> logSoftmax(logits))
        .orElseGet(
            () -> {
              Node wide = Operands.wide(prediction);
              return log(clip(divide(wide, sumLast(wide)), EPSILON, 1 - EPSILON));
            });
  }
}
