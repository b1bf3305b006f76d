package io.kalamos.losses;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.Objects;

/// Half the square of errors up to `delta`, linear beyond, the mean over the last axis: outliers
/// pull less. Keras class `Huber`.
///
/// @param delta the error from which on the loss is linear
public record Huber(String name, double delta, Reduction reduction) implements KerasLoss<Huber> {
  public Huber {
    Objects.requireNonNull(name);
    Objects.requireNonNull(reduction);
    Refusal.unlessPositive("Huber", "delta", delta, "Keras's default is 1.");
  }

  public static Huber of() {
    return new Huber("huber_loss", 1, Reduction.SUM_OVER_BATCH_SIZE);
  }

  public Huber delta(double delta) {
    return Vary.of(this, "delta", delta);
  }

  @Override
  public TargetKind target() {
    return TargetKind.SAME_SHAPE;
  }

  @Override
  public Node call(Node target, Node prediction) {
    Node wide = Operands.wide(prediction);
    Node given = Operands.same(name, target, wide);
    Node error = abs(subtract(wide, given));
    Node near = minimum(error, delta);
    Node far = multiply(subtract(error, near), delta);
    return Operands.meanOverLast(add(multiply(square(near), 0.5), far));
  }
}
