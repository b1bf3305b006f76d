package io.kalamos.activations;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.Optional;

/// maxValue from maxValue on, x above the threshold, negativeSlope * (x - threshold) below; Keras's
/// `relu` with its options. With the defaults it is [Activations#RELU].
public record Relu(double negativeSlope, Optional<Double> maxValue, double threshold)
    implements ActivationFunction {
  public Relu {
    String toDo = "Keras's default is 0.";
    Refusal.unlessNotNegative("relu", "negativeSlope", negativeSlope, toDo);
    maxValue.ifPresent(
        max ->
            Refusal.unlessNotNegative("relu", "maxValue", max, "Leave it out for no upper bound."));
    Refusal.unlessFinite("relu", "threshold", threshold, toDo);
  }

  public static Relu of() {
    return new Relu(0, Optional.empty(), 0);
  }

  public Relu negativeSlope(double slope) {
    return Vary.of(this, "negativeSlope", slope);
  }

  public Relu maxValue(double max) {
    return Vary.of(this, "maxValue", Optional.of(max));
  }

  public Relu threshold(double threshold) {
    return Vary.of(this, "threshold", threshold);
  }

  @Override
  public String name() {
    return "relu";
  }

  @Override
  public Node apply(Node x) {
    if (negativeSlope != 0 && maxValue.isEmpty() && threshold == 0) {
      return LeakyRelu.of(negativeSlope).apply(x);
    }
    Node y = threshold == 0 ? Ops.relu(x) : select(greater(x, threshold), x, like(x, 0));
    if (maxValue.isPresent()) {
      double max = maxValue.get();
      y = max == 6 && threshold == 0 ? Activations.RELU6.apply(x) : clip(y, 0, max);
    }
    return negativeSlope == 0
        ? y
        : subtract(y, multiply(Ops.relu(subtract(threshold, x)), negativeSlope));
  }
}
