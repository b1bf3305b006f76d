package io.kalamos.metrics;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.losses.Operands;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.Objects;

/// How often the target is among the k greatest predictions, for class indices. Keras class
/// `SparseTopKCategoricalAccuracy`.
///
/// @param k how many answers a sample has
/// @param fromSortedIds whether predictions are class indices, the likeliest first
public record SparseTopKCategoricalAccuracy(String name, int k, boolean fromSortedIds)
    implements MeanMetric, KerasMetric<SparseTopKCategoricalAccuracy> {
  public SparseTopKCategoricalAccuracy {
    Objects.requireNonNull(name);
    Refusal.unlessAtLeast("SparseTopKCategoricalAccuracy", "k", k, 1, "Keras's default is 5.");
  }

  public static SparseTopKCategoricalAccuracy of() {
    return new SparseTopKCategoricalAccuracy("sparse_top_k_categorical_accuracy", 5, false);
  }

  public SparseTopKCategoricalAccuracy k(int k) {
    return Vary.of(this, "k", k);
  }

  public SparseTopKCategoricalAccuracy fromSortedIds(boolean fromSortedIds) {
    return Vary.of(this, "fromSortedIds", fromSortedIds);
  }

  @Override
  public Node values(Node target, Node prediction) {
    Node wide = Operands.wide(prediction);
    Node truth = Operands.indices(name, target, wide);
    if (!fromSortedIds) {
      return among(truth, wide, k);
    }
    Tensor first = Tensor.zeros(wide.dtype(), Shape.of(wide.shape().dim(-1)));
    first.fill(i -> i < k ? 1 : 0);
    return maxLast(multiply(equal(truth, wide), constant(first)));
  }

  /// 1 where fewer than k scores are above that of the class.
  static Node among(Node classes, Node scores, int k) {
    Node mine = sumLast(multiply(oneHot(classes, scores.shape().dim(-1), scores.dtype()), scores));
    Node ahead = sumLast(greater(scores, mine));
    return less(ahead, like(ahead, k));
  }
}
