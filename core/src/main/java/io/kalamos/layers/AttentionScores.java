package io.kalamos.layers;

import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.options.GraphLimit;
import java.util.Optional;

/// What attention layers have in common: softmax over the places that may be looked at.
final class AttentionScores {
  /// Far enough below all scores that a softmax gives 0.
  private static final double FAR = -1e9;

  private AttentionScores() {}

  /// Softmax along the last axis, in float32 at least, over the places where `allowed` is not 0;
  /// where nothing is allowed all places count alike, whatever the scores.
  static Node softmax(Node scores, Optional<Node> allowed) {
    DType type = scores.dtype() == DType.BFLOAT16 ? DType.FLOAT32 : scores.dtype();
    Node wide = Ops.cast(scores, type);
    Node masked =
        allowed
            .map(a -> Ops.broadcastTo(Ops.cast(a, type), wide.shape()))
            .map(a -> Ops.select(a, wide, Ops.like(wide, FAR)))
            .orElse(wide);
    return Ops.cast(Ops.softmax(masked), scores.dtype());
  }

  /// 1 where a query's place is not before the value's: (queries, values).
  static Node causal(int queries, int values, DType type) {
    Tensor allowed = GraphLimit.zeros(type, Shape.of(queries, values));
    for (int i = 0; i < queries; i++) {
      for (int j = 0; j <= Math.min(i, values - 1); j++) {
        allowed.set((long) i * values + j, 1);
      }
    }
    return Ops.constant(allowed);
  }

  /// Both where there are both.
  static Optional<Node> both(Optional<Node> a, Optional<Node> b) {
    return a.isPresent() && b.isPresent()
        ? Optional.of(Ops.multiply(a.get(), b.get()))
        : a.or(() -> b);
  }
}
