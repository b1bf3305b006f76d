package io.kalamos.metrics;

import io.kalamos.engine.Node;
import java.util.Objects;
import java.util.function.BinaryOperator;

/// The mean of an own function of targets and predictions.
record MeanOfFunction(String name, BinaryOperator<Node> function) implements MeanMetric {
  MeanOfFunction {
    Objects.requireNonNull(name);
    Objects.requireNonNull(function);
  }

  @Override
  public Node values(Node target, Node prediction) {
    return function.apply(target, prediction);
  }
}
