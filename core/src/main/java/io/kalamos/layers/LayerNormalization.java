package io.kalamos.layers;

import io.kalamos.constraints.Constraint;
import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.initializers.Initializer;
import io.kalamos.initializers.Ones;
import io.kalamos.initializers.Zeros;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import io.kalamos.regularizers.Regularizer;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// gamma · (x - mean) / sqrt(variance + epsilon) + beta with the mean and variance of each sample
/// over the axes.
///
/// Statistics are float32 (or float64) whatever the compute type. Weights: gamma, beta, each with
/// the sizes of the axes. Keras class `LayerNormalization`; Ba et al., Layer Normalization, 2016.
///
/// @param axis counted with the batch as axis 0; the last by default
public record LayerNormalization(
    Optional<String> name,
    List<Integer> axis,
    double epsilon,
    boolean center,
    boolean scale,
    WeightOptions beta,
    WeightOptions gamma)
    implements Layer {
  public LayerNormalization {
    name.ifPresent(n -> Options.name("LayerNormalization", n));
    axis = List.copyOf(axis);
    if (axis.isEmpty()) {
      throw Refusal.of(
          "LayerNormalization", "one axis or more", "axis", axis, "The last one is -1.");
    }
    if (!(epsilon > 0)) {
      throw Refusal.of(
          "LayerNormalization", "epsilon above 0", "epsilon", epsilon, "Keras's default is 0.001.");
    }
  }

  public static LayerNormalization of() {
    return new LayerNormalization(
        Optional.empty(),
        List.of(-1),
        1e-3,
        true,
        true,
        WeightOptions.of(Zeros.of()),
        WeightOptions.of(Ones.of()));
  }

  @Override
  public LayerNormalization named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public LayerNormalization axis(int... axis) {
    return Vary.of(this, "axis", IntStream.of(axis).boxed().toList());
  }

  public LayerNormalization epsilon(double epsilon) {
    return Vary.of(this, "epsilon", epsilon);
  }

  /// Whether there is a beta.
  public LayerNormalization center(boolean center) {
    return Vary.of(this, "center", center);
  }

  /// Whether there is a gamma.
  public LayerNormalization scale(boolean scale) {
    return Vary.of(this, "scale", scale);
  }

  public LayerNormalization betaInitializer(Initializer initializer) {
    return Vary.of(this, "beta", beta.initializer(initializer));
  }

  public LayerNormalization betaRegularizer(Regularizer regularizer) {
    return Vary.of(this, "beta", beta.regularizer(regularizer));
  }

  public LayerNormalization betaConstraint(Constraint constraint) {
    return Vary.of(this, "beta", beta.constraint(constraint));
  }

  public LayerNormalization gammaInitializer(Initializer initializer) {
    return Vary.of(this, "gamma", gamma.initializer(initializer));
  }

  public LayerNormalization gammaRegularizer(Regularizer regularizer) {
    return Vary.of(this, "gamma", gamma.regularizer(regularizer));
  }

  public LayerNormalization gammaConstraint(Constraint constraint) {
    return Vary.of(this, "gamma", gamma.constraint(constraint));
  }

  @Override
  public boolean passesMask() {
    return true;
  }

  @Override
  public Node call(Call call, Node input) {
    Shape shape = input.shape();
    List<Integer> along = Axes.behindBatch(call, shape, axis);
    DType type = call.variableType();
    Shape sizes = Shape.of(along.stream().mapToInt(shape::dim).toArray());
    Node x = Ops.cast(input, type);
    Node y = Moments.normalized(x, epsilon, along);
    Shape repeated = Axes.only(shape, along);
    if (scale) {
      y = Ops.multiply(y, Ops.reshape(call.weight("gamma", sizes, gamma, type), repeated));
    }
    if (center) {
      y = Ops.add(y, Ops.reshape(call.weight("beta", sizes, beta, type), repeated));
    }
    return Ops.cast(y, call.computeType());
  }
}
