package io.kalamos.losses;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// 1 - both / (both + alpha * only target + beta * only prediction): [Dice] with a price for each
/// kind of error. Keras class `Tversky`; Salehi et al., 2017.
///
/// @param alpha the price of what only the target has
/// @param beta the price of what only the prediction has
/// @param axis summed over; all where none are named, which gives one loss for the whole batch
public record Tversky(
    String name, double alpha, double beta, Optional<List<Integer>> axis, Reduction reduction)
    implements KerasLoss<Tversky> {
  public Tversky {
    Objects.requireNonNull(name);
    Objects.requireNonNull(reduction);
    Refusal.unlessNotNegative("Tversky", "alpha", alpha, "Keras's default is 0.5.");
    Refusal.unlessNotNegative("Tversky", "beta", beta, "Keras's default is 0.5.");
  }

  public static Tversky of() {
    return new Tversky("tversky", 0.5, 0.5, Optional.empty(), Reduction.SUM_OVER_BATCH_SIZE);
  }

  public Tversky alpha(double alpha) {
    return Vary.of(this, "alpha", alpha);
  }

  public Tversky beta(double beta) {
    return Vary.of(this, "beta", beta);
  }

  public Tversky axis(Integer... axis) {
    return Vary.of(this, "axis", Optional.of(List.of(axis)));
  }

  @Override
  public TargetKind target() {
    return TargetKind.PROBABILITY;
  }

  @Override
  public Node call(Node target, Node prediction) {
    Node wide = Operands.wide(prediction);
    Node given = Operands.same(name, target, wide);
    Node both = Operands.sumOver(name, multiply(given, wide), axis);
    Node missed = Operands.sumOver(name, multiply(subtract(1, wide), given), axis);
    Node extra = Operands.sumOver(name, multiply(wide, subtract(1, given)), axis);
    Node errors = add(multiply(missed, alpha), multiply(extra, beta));
    return subtract(1, divide(both, add(add(both, errors), LogProbabilities.EPSILON)));
  }
}
