package io.kalamos.layers;

import io.kalamos.constraints.Constraint;
import io.kalamos.initializers.Initializer;
import io.kalamos.options.Vary;
import io.kalamos.regularizers.Regularizer;
import java.util.Objects;
import java.util.Optional;

/// How a weight begins, what its size costs and what it must keep to: Keras's `kernel_initializer`,
/// `kernel_regularizer` and `kernel_constraint` for a layer's component `kernel`.
public record WeightOptions(
    Initializer initializer, Optional<Regularizer> regularizer, Optional<Constraint> constraint) {
  public WeightOptions {
    Objects.requireNonNull(initializer);
  }

  /// A weight without price and bounds.
  public static WeightOptions of(Initializer initializer) {
    return new WeightOptions(initializer, Optional.empty(), Optional.empty());
  }

  public WeightOptions initializer(Initializer initializer) {
    return Vary.of(this, "initializer", initializer);
  }

  public WeightOptions regularizer(Regularizer regularizer) {
    return Vary.of(this, "regularizer", Optional.of(regularizer));
  }

  public WeightOptions constraint(Constraint constraint) {
    return Vary.of(this, "constraint", Optional.of(constraint));
  }
}
