package io.kalamos.metrics;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.losses.Operands;
import java.util.Objects;

/// How often predictions equal their targets. Keras class `Accuracy`; what models are compiled with
/// is [Metrics#ACCURACY].
public record Accuracy(String name) implements MeanMetric, KerasMetric<Accuracy> {
  public Accuracy {
    Objects.requireNonNull(name);
  }

  public static Accuracy of() {
    return new Accuracy("accuracy");
  }

  @Override
  public Node values(Node target, Node prediction) {
    Node wide = Operands.wide(prediction);
    Node given = Operands.same(name, target, wide);
    return equal(given, wide);
  }
}
