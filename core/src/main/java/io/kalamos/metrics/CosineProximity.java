package io.kalamos.metrics;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.losses.Operands;
import io.kalamos.options.Vary;
import java.util.Objects;

/// target · prediction of vectors scaled to length 1: 1 where they point the same way. Keras class
/// `CosineSimilarity` of its metrics; the loss of this name has the other sign.
///
/// @param axis of the vectors
public record CosineProximity(String name, int axis)
    implements MeanMetric, KerasMetric<CosineProximity> {
  public CosineProximity {
    Objects.requireNonNull(name);
  }

  public static CosineProximity of() {
    return new CosineProximity("cosine_similarity", -1);
  }

  public CosineProximity axis(int axis) {
    return Vary.of(this, "axis", axis);
  }

  @Override
  public Node values(Node target, Node prediction) {
    Node wide = Operands.wide(prediction);
    Node given = Operands.same(name, target, wide);
    Node a = Operands.unit(Operands.toLast(name, given, axis));
    return Operands.sumOverLast(multiply(a, Operands.unit(Operands.toLast(name, wide, axis))));
  }
}
