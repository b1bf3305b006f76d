package io.kalamos.metrics;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.engine.Tensor;
import io.kalamos.losses.Operands;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;

/// The root of the mean of (target - prediction)² over all batches. Keras class
/// `RootMeanSquaredError`.
public record RootMeanSquaredError(String name) implements KerasMetric<RootMeanSquaredError> {
  public RootMeanSquaredError {
    Objects.requireNonNull(name);
  }

  public static RootMeanSquaredError of() {
    return new RootMeanSquaredError("root_mean_squared_error");
  }

  private Metric squares() {
    return Metric.mean(
        name,
        (target, prediction) -> {
          Node wide = Operands.wide(prediction);
          return square(subtract(wide, Operands.same(name, target, wide)));
        });
  }

  @Override
  public SequencedMap<String, Node> update(Node target, Node prediction, Optional<Node> weight) {
    return squares().update(target, prediction, weight);
  }

  @Override
  public Tensor result(Map<String, Tensor> totals) {
    return Results.number(Math.sqrt(squares().result(totals).get(0)));
  }
}
