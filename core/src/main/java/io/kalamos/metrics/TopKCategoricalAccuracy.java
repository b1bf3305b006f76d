package io.kalamos.metrics;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.losses.Operands;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.Objects;

/// How often the class of the greatest target is among the k greatest predictions. Keras class
/// `TopKCategoricalAccuracy`.
///
/// @param k how many answers a sample has
public record TopKCategoricalAccuracy(String name, int k)
    implements MeanMetric, KerasMetric<TopKCategoricalAccuracy> {
  public TopKCategoricalAccuracy {
    Objects.requireNonNull(name);
    Refusal.unlessAtLeast("TopKCategoricalAccuracy", "k", k, 1, "Keras's default is 5.");
  }

  public static TopKCategoricalAccuracy of() {
    return new TopKCategoricalAccuracy("top_k_categorical_accuracy", 5);
  }

  public TopKCategoricalAccuracy k(int k) {
    return Vary.of(this, "k", k);
  }

  @Override
  public Node values(Node target, Node prediction) {
    Node wide = Operands.wide(prediction);
    Node truth = cast(argMax(Operands.same(name, target, wide)), wide.dtype());
    return SparseTopKCategoricalAccuracy.among(truth, wide, k);
  }
}
