package io.kalamos.metrics;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.losses.Operands;
import io.kalamos.options.Vary;
import java.util.Objects;

/// How linearly targets and predictions hang together along an axis, from -1 to 1. Keras class
/// `PearsonCorrelation`.
///
/// @param axis of the values that are compared
public record PearsonCorrelation(String name, int axis)
    implements MeanMetric, KerasMetric<PearsonCorrelation> {
  public PearsonCorrelation {
    Objects.requireNonNull(name);
  }

  public static PearsonCorrelation of() {
    return new PearsonCorrelation("pearson_correlation", -1);
  }

  public PearsonCorrelation axis(int axis) {
    return Vary.of(this, "axis", axis);
  }

  @Override
  public Node values(Node target, Node prediction) {
    Node wide = Operands.wide(prediction);
    Node a = standard(Operands.toLast(name, Operands.same(name, target, wide), axis));
    return Operands.meanOverLast(multiply(a, standard(Operands.toLast(name, wide, axis))));
  }

  private static Node standard(Node x) {
    Node centred = subtract(x, meanLast(x));
    return divide(centred, sqrt(meanLast(square(centred))));
  }
}
