package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.Optional;
import java.util.OptionalDouble;

/// max(x, 0), bounded and bent as asked: maxValue above, negativeSlope · (x - threshold) below
/// threshold, x between.
///
/// Keras class `ReLU`.
public record ReLU(
    Optional<String> name, OptionalDouble maxValue, double negativeSlope, double threshold)
    implements Layer {
  public ReLU {
    name.ifPresent(n -> Options.name("ReLU", n));
    maxValue.ifPresent(
        value ->
            Refusal.unlessNotNegative("ReLU", "maxValue", value, "Leave it out for no bound."));
    Refusal.unlessNotNegative("ReLU", "negativeSlope", negativeSlope, "Keras's default is 0.");
    Refusal.unlessNotNegative("ReLU", "threshold", threshold, "Keras's default is 0.");
  }

  public static ReLU of() {
    return new ReLU(Optional.empty(), OptionalDouble.empty(), 0, 0);
  }

  @Override
  public ReLU named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public ReLU maxValue(double maxValue) {
    return Vary.of(this, "maxValue", OptionalDouble.of(maxValue));
  }

  public ReLU negativeSlope(double negativeSlope) {
    return Vary.of(this, "negativeSlope", negativeSlope);
  }

  public ReLU threshold(double threshold) {
    return Vary.of(this, "threshold", threshold);
  }

  @Override
  public boolean passesMask() {
    return true;
  }

  @Override
  public Node call(Call call, Node x) {
    Node y =
        threshold == 0 ? Ops.relu(x) : Ops.select(Ops.greater(x, threshold), x, Ops.like(x, 0));
    Node bounded = maxValue.isPresent() ? Ops.minimum(y, maxValue.getAsDouble()) : y;
    if (negativeSlope == 0) {
      return bounded;
    }
    Node below = Ops.minimum(Ops.subtract(x, threshold), 0);
    return Ops.add(bounded, Ops.multiply(below, negativeSlope));
  }
}
