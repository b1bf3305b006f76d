package io.kalamos.metrics;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.engine.Tensor;
import io.kalamos.losses.Operands;
import io.kalamos.losses.SampleWeights;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;

/// The sum of values times weights, whatever the targets:
/// `MetricState.of(Sum.of()).update(values)`. Keras class `Sum`.
public record Sum(String name) implements KerasMetric<Sum> {
  public Sum {
    Objects.requireNonNull(name);
  }

  public static Sum of() {
    return new Sum("sum");
  }

  @Override
  public SequencedMap<String, Node> update(Node target, Node prediction, Optional<Node> weight) {
    Node values = Operands.wide(prediction);
    Node weighed =
        weight.map(given -> multiply(values, SampleWeights.fitting(given, values))).orElse(values);
    SequencedMap<String, Node> sums = new LinkedHashMap<>();
    sums.put("total", sumAll(weighed));
    return sums;
  }

  @Override
  public Tensor result(Map<String, Tensor> totals) {
    return Results.number(totals.get("total").get(0));
  }
}
