package io.kalamos.losses;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.options.Vary;
import java.util.Objects;

/// -(target · prediction) of vectors scaled to length 1 along an axis: -1 where they point the same
/// way. Keras class `CosineSimilarity`.
///
/// @param axis of the vectors
public record CosineSimilarity(String name, int axis, Reduction reduction)
    implements KerasLoss<CosineSimilarity> {
  public CosineSimilarity {
    Objects.requireNonNull(name);
    Objects.requireNonNull(reduction);
  }

  public static CosineSimilarity of() {
    return new CosineSimilarity("cosine_similarity", -1, Reduction.SUM_OVER_BATCH_SIZE);
  }

  public CosineSimilarity axis(int axis) {
    return Vary.of(this, "axis", axis);
  }

  @Override
  public TargetKind target() {
    return TargetKind.SAME_SHAPE;
  }

  @Override
  public Node call(Node target, Node prediction) {
    Node wide = Operands.wide(prediction);
    Node given = Operands.toLast(name, Operands.same(name, target, wide), axis);
    Node found = Operands.toLast(name, wide, axis);
    return neg(Operands.sumOverLast(multiply(Operands.unit(given), Operands.unit(found))));
  }
}
