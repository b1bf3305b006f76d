package io.kalamos.metrics;

import io.kalamos.engine.Node;
import io.kalamos.losses.Operands;
import java.util.Objects;

/// The mean of values, by weight, whatever the targets: `MetricState.of(Mean.of()).update(values)`.
/// Keras class `Mean`.
public record Mean(String name) implements MeanMetric, KerasMetric<Mean> {
  public Mean {
    Objects.requireNonNull(name);
  }

  public static Mean of() {
    return new Mean("mean");
  }

  @Override
  public Node values(Node target, Node prediction) {
    return Operands.wide(prediction);
  }
}
