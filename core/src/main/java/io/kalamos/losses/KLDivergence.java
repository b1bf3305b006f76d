package io.kalamos.losses;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import java.util.Objects;

/// The sum of target * log(target / prediction) over the last axis: how far one distribution is
/// from the other. Numbers are kept from 1e-7 to 1. Keras class `KLDivergence`.
public record KLDivergence(String name, Reduction reduction) implements KerasLoss<KLDivergence> {
  public KLDivergence {
    Objects.requireNonNull(name);
    Objects.requireNonNull(reduction);
  }

  public static KLDivergence of() {
    return new KLDivergence("kl_divergence", Reduction.SUM_OVER_BATCH_SIZE);
  }

  @Override
  public TargetKind target() {
    return TargetKind.PROBABILITY;
  }

  @Override
  public Node call(Node target, Node prediction) {
    Node wide = Operands.wide(prediction);
    Node given = Operands.same(name, target, wide);
    Node t = clip(given, LogProbabilities.EPSILON, 1);
    Node p = clip(wide, LogProbabilities.EPSILON, 1);
    return Operands.sumOverLast(multiply(t, log(divide(t, p))));
  }
}
