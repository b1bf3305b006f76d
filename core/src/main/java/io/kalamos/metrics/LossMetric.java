package io.kalamos.metrics;

import io.kalamos.engine.Node;
import io.kalamos.losses.Loss;
import java.util.Objects;

/// The mean of a loss over the samples.
record LossMetric(Loss loss) implements Metric {
  LossMetric {
    Objects.requireNonNull(loss);
  }

  @Override
  public String name() {
    return loss.name();
  }

  @Override
  public Total total(Node target, Node prediction) {
    return Total.of(loss.perSample(target, prediction));
  }
}
