package io.kalamos.losses;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.options.Vary;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// 1 - 2 (target · prediction) / (sum of targets + sum of predictions): how far two areas are from
/// covering each other. Keras class `Dice`.
///
/// @param axis summed over; all where none are named, which gives one loss for the whole batch
public record Dice(String name, Optional<List<Integer>> axis, Reduction reduction)
    implements KerasLoss<Dice> {
  public Dice {
    Objects.requireNonNull(name);
    Objects.requireNonNull(reduction);
  }

  public static Dice of() {
    return new Dice("dice", Optional.empty(), Reduction.SUM_OVER_BATCH_SIZE);
  }

  public Dice axis(Integer... axis) {
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
    Node sizes = add(Operands.sumOver(name, given, axis), Operands.sumOver(name, wide, axis));
    return subtract(1, divide(multiply(both, 2), add(sizes, LogProbabilities.EPSILON)));
  }
}
