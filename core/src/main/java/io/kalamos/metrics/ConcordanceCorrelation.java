package io.kalamos.metrics;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.losses.Operands;
import io.kalamos.options.Vary;
import java.util.Objects;

/// How near predictions come to equal targets along an axis, from -1 to 1. Keras class
/// `ConcordanceCorrelation`; Lin, 1989.
///
/// @param axis of the values that are compared
public record ConcordanceCorrelation(String name, int axis)
    implements MeanMetric, KerasMetric<ConcordanceCorrelation> {
  public ConcordanceCorrelation {
    Objects.requireNonNull(name);
  }

  public static ConcordanceCorrelation of() {
    return new ConcordanceCorrelation("concordance_correlation", -1);
  }

  public ConcordanceCorrelation axis(int axis) {
    return Vary.of(this, "axis", axis);
  }

  @Override
  public Node values(Node target, Node prediction) {
    Node wide = Operands.wide(prediction);
    Node a = Operands.toLast(name, Operands.same(name, target, wide), axis);
    Node b = Operands.toLast(name, wide, axis);
    Node apart = square(subtract(meanLast(a), meanLast(b)));
    Node spread = add(add(variance(a), variance(b)), apart);
    Node shared = multiply(subtract(a, meanLast(b)), subtract(b, meanLast(b)));
    return Operands.meanOverLast(divide(multiply(shared, 2), add(spread, 1e-7)));
  }

  private static Node variance(Node x) {
    return meanLast(square(subtract(x, meanLast(x))));
  }
}
