package io.kalamos.metrics;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.losses.Operands;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.Objects;

/// How many outputs are on their target's side of the threshold; each output counts. Keras class
/// `BinaryAccuracy`.
public record BinaryAccuracy(String name, double threshold)
    implements MeanMetric, KerasMetric<BinaryAccuracy> {
  public BinaryAccuracy {
    Objects.requireNonNull(name);
    if (!(threshold > 0 && threshold < 1)) {
      throw Refusal.of(
          "BinaryAccuracy",
          "threshold above 0 and below 1",
          "threshold",
          threshold,
          "Keras's default is 0.5.");
    }
  }

  public static BinaryAccuracy of() {
    return new BinaryAccuracy("binary_accuracy", 0.5);
  }

  public BinaryAccuracy threshold(double threshold) {
    return Vary.of(this, "threshold", threshold);
  }

  @Override
  public Node values(Node target, Node prediction) {
    Node wide = Operands.wide(prediction);
    return equal(Operands.same(name, target, wide), greater(wide, threshold));
  }
}
