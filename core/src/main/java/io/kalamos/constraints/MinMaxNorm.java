package io.kalamos.constraints;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.List;

/// Vectors along `axis` are from `minValue` to `maxValue` long; Keras's `MinMaxNorm`.
///
/// @param rate the part of the way that is gone at each step; 1 is all of it
/// @param axis the axes that make a vector: 0 for all weights into a unit of a dense layer
public record MinMaxNorm(double minValue, double maxValue, double rate, List<Integer> axis)
    implements Constraint {
  public MinMaxNorm {
    String where = "MinMaxNorm";
    Refusal.unlessNotNegative(where, "minValue", minValue, "Keras's default is 0.");
    Refusal.unlessNotNegative(where, "maxValue", maxValue, "Keras's default is 1.");
    if (minValue > maxValue) {
      throw Refusal.of(
          where, "maxValue of at least minValue=" + minValue, "maxValue", maxValue, "Swap them.");
    }
    if (!(rate > 0 && rate <= 1)) {
      throw Refusal.of(where, "rate above 0 and up to 1", "rate", rate, "Keras's default is 1.");
    }
    axis = Norms.checked(where, axis);
  }

  public static MinMaxNorm of() {
    return of(0, 1);
  }

  public static MinMaxNorm of(double minValue, double maxValue) {
    return new MinMaxNorm(minValue, maxValue, 1, List.of(0));
  }

  public MinMaxNorm rate(double rate) {
    return Vary.of(this, "rate", rate);
  }

  public MinMaxNorm axis(Integer... axis) {
    return Vary.of(this, "axis", List.of(axis));
  }

  @Override
  public Node project(Node weight) {
    Node norms = Norms.of("MinMaxNorm", weight, axis);
    Node wanted = add(multiply(clip(norms, minValue, maxValue), rate), multiply(norms, 1 - rate));
    return Norms.scaled(weight, norms, wanted);
  }
}
