package io.kalamos.constraints;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.List;

/// Vectors along `axis` are at most `maxValue` long (Srivastava et al., 2014); Keras's `MaxNorm`.
///
/// @param axis the axes that make a vector: 0 for all weights into a unit of a dense layer
public record MaxNorm(double maxValue, List<Integer> axis) implements Constraint {
  public MaxNorm {
    Refusal.unlessNotNegative("MaxNorm", "maxValue", maxValue, "Keras's default is 2.");
    axis = Norms.checked("MaxNorm", axis);
  }

  public static MaxNorm of() {
    return of(2);
  }

  public static MaxNorm of(double maxValue) {
    return new MaxNorm(maxValue, List.of(0));
  }

  public MaxNorm axis(Integer... axis) {
    return Vary.of(this, "axis", List.of(axis));
  }

  @Override
  public Node project(Node weight) {
    Node norms = Norms.of("MaxNorm", weight, axis);
    return Norms.scaled(weight, norms, Ops.minimum(norms, maxValue));
  }
}
