package io.kalamos.losses;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.Objects;

/// (1 - p^q) / q of the right class's probability p, for class indices some of which are wrong:
/// nearer to cross-entropy the smaller `q`. Keras class `CategoricalGeneralizedCrossEntropy`; Zhang
/// and Sabuncu, "Generalized Cross Entropy Loss for Training Deep Neural Networks with Noisy
/// Labels", 2018.
///
/// @param q above 0 and below 1
public record CategoricalGeneralizedCrossEntropy(String name, double q, Reduction reduction)
    implements KerasLoss<CategoricalGeneralizedCrossEntropy> {
  public CategoricalGeneralizedCrossEntropy {
    Objects.requireNonNull(name);
    Objects.requireNonNull(reduction);
    if (!(q > 0 && q < 1)) {
      throw Refusal.of(
          "CategoricalGeneralizedCrossEntropy",
          "q above 0 and below 1",
          "q",
          q,
          "Keras's default is 0.5.");
    }
  }

  public static CategoricalGeneralizedCrossEntropy of() {
    return new CategoricalGeneralizedCrossEntropy(
        "categorical_generalized_cross_entropy", 0.5, Reduction.SUM_OVER_BATCH_SIZE);
  }

  public CategoricalGeneralizedCrossEntropy q(double q) {
    return Vary.of(this, "q", q);
  }

  @Override
  public TargetKind target() {
    return TargetKind.CLASS_INDEX;
  }

  @Override
  public Node call(Node target, Node prediction) {
    Node wide = Operands.wide(prediction);
    Node indices = Operands.indices(name, target, wide);
    Node hit = oneHot(indices, wide.shape().dim(-1), wide.dtype());
    Node p = Operands.sumOverLast(multiply(hit, wide));
    return divide(subtract(1, power(p, like(p, q))), q);
  }
}
