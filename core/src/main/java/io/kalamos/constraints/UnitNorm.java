package io.kalamos.constraints;

import io.kalamos.engine.Node;
import io.kalamos.options.Vary;
import java.util.List;

/// Vectors along `axis` have length 1; Keras's `UnitNorm`.
///
/// @param axis the axes that make a vector: 0 for all weights into a unit of a dense layer
public record UnitNorm(List<Integer> axis) implements Constraint {
  public UnitNorm {
    axis = Norms.checked("UnitNorm", axis);
  }

  public static UnitNorm of() {
    return new UnitNorm(List.of(0));
  }

  public UnitNorm axis(Integer... axis) {
    return Vary.of(this, "axis", List.of(axis));
  }

  @Override
  public Node project(Node weight) {
    return Norms.unit(weight, Norms.of("UnitNorm", weight, axis));
  }
}
