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

/// gamma · (x - mean) / sqrt(variance + epsilon) + beta with the mean and variance of each group of
/// channels of each sample; one group is layer normalisation over all axes, as many as channels is
/// instance normalisation.
///
/// Statistics are float32 (or float64) whatever the compute type. Weights: gamma, beta, each
/// (channels). Keras class `GroupNormalization`; Wu and He, Group Normalization, 2018.
///
/// @param groups -1 for as many as there are channels
public record GroupNormalization(
    Optional<String> name,
    int groups,
    int axis,
    double epsilon,
    boolean center,
    boolean scale,
    WeightOptions beta,
    WeightOptions gamma)
    implements Layer {
  public GroupNormalization {
    name.ifPresent(n -> Options.name("GroupNormalization", n));
    if (groups < 1 && groups != -1) {
      throw Refusal.of(
          "GroupNormalization",
          "groups of 1 or more, or -1 for as many as channels",
          "groups",
          groups,
          "Keras's default is 32.");
    }
    if (!(epsilon > 0)) {
      throw Refusal.of(
          "GroupNormalization", "epsilon above 0", "epsilon", epsilon, "Keras's default is 0.001.");
    }
  }

  /// 32 groups.
  public static GroupNormalization of() {
    return new GroupNormalization(
        Optional.empty(),
        32,
        -1,
        1e-3,
        true,
        true,
        WeightOptions.of(Zeros.of()),
        WeightOptions.of(Ones.of()));
  }

  public static GroupNormalization of(int groups) {
    return new GroupNormalization(
        Optional.empty(),
        groups,
        -1,
        1e-3,
        true,
        true,
        WeightOptions.of(Zeros.of()),
        WeightOptions.of(Ones.of()));
  }

  @Override
  public GroupNormalization named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public GroupNormalization groups(int groups) {
    return Vary.of(this, "groups", groups);
  }

  /// The axis of the channels, the last one by default.
  public GroupNormalization axis(int axis) {
    return Vary.of(this, "axis", axis);
  }

  public GroupNormalization epsilon(double epsilon) {
    return Vary.of(this, "epsilon", epsilon);
  }

  /// Whether there is a beta.
  public GroupNormalization center(boolean center) {
    return Vary.of(this, "center", center);
  }

  /// Whether there is a gamma.
  public GroupNormalization scale(boolean scale) {
    return Vary.of(this, "scale", scale);
  }

  public GroupNormalization betaInitializer(Initializer initializer) {
    return Vary.of(this, "beta", beta.initializer(initializer));
  }

  public GroupNormalization betaRegularizer(Regularizer regularizer) {
    return Vary.of(this, "beta", beta.regularizer(regularizer));
  }

  public GroupNormalization betaConstraint(Constraint constraint) {
    return Vary.of(this, "beta", beta.constraint(constraint));
  }

  public GroupNormalization gammaInitializer(Initializer initializer) {
    return Vary.of(this, "gamma", gamma.initializer(initializer));
  }

  public GroupNormalization gammaRegularizer(Regularizer regularizer) {
    return Vary.of(this, "gamma", gamma.regularizer(regularizer));
  }

  public GroupNormalization gammaConstraint(Constraint constraint) {
    return Vary.of(this, "gamma", gamma.constraint(constraint));
  }

  @Override
  public boolean passesMask() {
    return true;
  }

  @Override
  public Node call(Call call, Node input) {
    Shape shape = input.shape();
    int place = Axes.behindBatch(call, shape, List.of(axis)).getFirst();
    int channels = shape.dim(place);
    int parts = groups == -1 ? channels : groups;
    if (channels % parts != 0) {
      throw call.rejects(
          "channels divisible by groups=" + groups, shape, "Change the groups or the input.");
    }
    DType type = call.variableType();
    Shape apart =
        Shape.of(
            IntStream.range(0, shape.rank() + 1)
                .map(
                    a ->
                        a < place
                            ? shape.dim(a)
                            : a == place
                                ? parts
                                : a == place + 1 ? channels / parts : shape.dim(a - 1))
                .toArray());
    List<Integer> others =
        IntStream.rangeClosed(1, shape.rank()).filter(a -> a != place).boxed().toList();
    Node groupwise = Ops.reshape(Ops.cast(input, type), apart);
    Node y = Ops.reshape(Moments.normalized(groupwise, epsilon, others), shape);
    Shape sizes = Shape.of(channels);
    Shape repeated = Axes.only(shape, List.of(place));
    if (scale) {
      y = Ops.multiply(y, Ops.reshape(call.weight("gamma", sizes, gamma, type), repeated));
    }
    if (center) {
      y = Ops.add(y, Ops.reshape(call.weight("beta", sizes, beta, type), repeated));
    }
    return Ops.cast(y, call.computeType());
  }
}
