package io.kalamos.metrics;

import io.kalamos.engine.Node;
import io.kalamos.losses.Loss;
import java.util.Objects;
import java.util.Optional;

/// The mean of a loss over the samples, whatever the loss's own reduction; what [Metric#of(Loss)]
/// makes.
public record LossMetric(Loss loss) implements MeanMetric {
  public LossMetric {
    Objects.requireNonNull(loss);
  }

  @Override
  public String name() {
    return loss.name();
  }

  @Override
  public Node values(Node target, Node prediction) {
    return loss.call(target, prediction);
  }

  @Override
  public Optional<Node> counted(Node target, Node values) {
    return loss.counted(target, values);
  }
}
