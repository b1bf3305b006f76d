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
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/// gamma · (x - mean) / sqrt(variance + epsilon) + beta for each channel: over the batch (variance
/// without correction, and without masked time steps) while training, with the moving statistics
/// otherwise.
///
/// Written as two sums in one pass over x, then one pass x · s + t, so that it fuses. Statistics
/// are float32 (or float64) whatever the compute type. Weights: gamma, beta, moving_mean,
/// moving_variance, each (channels). Keras class `BatchNormalization`.
public record BatchNormalization(
    Optional<String> name,
    int axis,
    double momentum,
    double epsilon,
    boolean center,
    boolean scale,
    WeightOptions beta,
    WeightOptions gamma,
    Initializer movingMeanInitializer,
    Initializer movingVarianceInitializer)
    implements Layer {
  /// Keeps a batch of masked steps alone from dividing by 0: Keras's `epsilon()`.
  private static final double UNDIVIDED = 1e-7;

  public BatchNormalization {
    name.ifPresent(n -> Options.name("BatchNormalization", n));
    if (!(momentum >= 0 && momentum <= 1)) {
      throw Refusal.of(
          "BatchNormalization",
          "momentum from 0 to 1",
          "momentum",
          momentum,
          "Keras's default is 0.99.");
    }
    if (!(epsilon > 0)) {
      throw Refusal.of(
          "BatchNormalization", "epsilon above 0", "epsilon", epsilon, "Keras's default is 0.001.");
    }
  }

  public static BatchNormalization of() {
    return new BatchNormalization(
        Optional.empty(),
        -1,
        0.99,
        1e-3,
        true,
        true,
        WeightOptions.of(Zeros.of()),
        WeightOptions.of(Ones.of()),
        Zeros.of(),
        Ones.of());
  }

  @Override
  public BatchNormalization named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  /// The axis of the channels, the last one by default.
  public BatchNormalization axis(int axis) {
    return Vary.of(this, "axis", axis);
  }

  /// How much of the old moving statistics stays at each step.
  public BatchNormalization momentum(double momentum) {
    return Vary.of(this, "momentum", momentum);
  }

  public BatchNormalization epsilon(double epsilon) {
    return Vary.of(this, "epsilon", epsilon);
  }

  /// Whether there is a beta.
  public BatchNormalization center(boolean center) {
    return Vary.of(this, "center", center);
  }

  /// Whether there is a gamma.
  public BatchNormalization scale(boolean scale) {
    return Vary.of(this, "scale", scale);
  }

  public BatchNormalization betaInitializer(Initializer initializer) {
    return Vary.of(this, "beta", beta.initializer(initializer));
  }

  public BatchNormalization betaRegularizer(Regularizer regularizer) {
    return Vary.of(this, "beta", beta.regularizer(regularizer));
  }

  public BatchNormalization betaConstraint(Constraint constraint) {
    return Vary.of(this, "beta", beta.constraint(constraint));
  }

  public BatchNormalization gammaInitializer(Initializer initializer) {
    return Vary.of(this, "gamma", gamma.initializer(initializer));
  }

  public BatchNormalization gammaRegularizer(Regularizer regularizer) {
    return Vary.of(this, "gamma", gamma.regularizer(regularizer));
  }

  public BatchNormalization gammaConstraint(Constraint constraint) {
    return Vary.of(this, "gamma", gamma.constraint(constraint));
  }

  public BatchNormalization movingMeanInitializer(Initializer initializer) {
    return Vary.of(this, "movingMeanInitializer", initializer);
  }

  public BatchNormalization movingVarianceInitializer(Initializer initializer) {
    return Vary.of(this, "movingVarianceInitializer", initializer);
  }

  @Override
  public boolean passesMask() {
    return true;
  }

  @Override
  public Node call(Call call, Node input) {
    int rank = input.shape().rank();
    int channelAxis = axis < 0 ? axis + rank : axis;
    if (rank < 2 || channelAxis < 1 || channelAxis >= rank) {
      throw call.rejects(
          "an input that has the channel axis " + axis + " behind the batch",
          input.shape(),
          "Choose an axis that exists; the last one is -1.");
    }
    DType type = call.variableType();
    Shape channels = Shape.of(input.shape().dim(channelAxis));
    Node x = Ops.cast(input, type);
    Optional<Node> factors =
        scale ? Optional.of(call.weight("gamma", channels, gamma, type)) : Optional.empty();
    Optional<Node> offsets =
        center ? Optional.of(call.weight("beta", channels, beta, type)) : Optional.empty();
    Node movingMean = call.state("moving_mean", channels, movingMeanInitializer);
    Node movingVariance = call.state("moving_variance", channels, movingVarianceInitializer);
    Node mean = movingMean;
    Node variance = movingVariance;
    if (call.training()) {
      Statistics batch = statistics(call, x, channelAxis);
      mean = Ops.reshape(batch.mean(), channels);
      variance = Ops.reshape(batch.variance(), channels);
      call.update("moving_mean", moved(movingMean, mean));
      call.update("moving_variance", moved(movingVariance, variance));
    }
    Node inverse = Ops.rsqrt(Ops.add(variance, epsilon));
    Node factor = factors.map(g -> Ops.multiply(g, inverse)).orElse(inverse);
    Node shift = Ops.neg(Ops.multiply(mean, factor));
    Node summand = offsets.map(b -> Ops.add(b, shift)).orElse(shift);
    Shape along = along(rank, channelAxis, channels.dim(0));
    Node y = Ops.add(Ops.multiply(x, Ops.reshape(factor, along)), Ops.reshape(summand, along));
    return Ops.cast(y, call.computeType());
  }

  private record Statistics(Node mean, Node variance) {}

  /// Mean and variance of each channel over everything that counts.
  private static Statistics statistics(Call call, Node x, int channelAxis) {
    Integer[] others =
        IntStream.range(0, x.shape().rank())
            .filter(a -> a != channelAxis)
            .boxed()
            .toArray(Integer[]::new);
    Optional<Node> mask = call.mask(0);
    if (mask.isPresent()) {
      return masked(call, x, mask.get(), others);
    }
    double count = (double) x.shape().size() / x.shape().dim(channelAxis);
    Node mean = Ops.divide(Ops.sum(x, others), count);
    Node square = Ops.divide(Ops.sum(Ops.square(x), others), count);
    return new Statistics(mean, Ops.maximum(Ops.subtract(square, Ops.square(mean)), 0));
  }

  private static Statistics masked(Call call, Node x, Node mask, Integer... others) {
    if (x.shape().rank() != mask.shape().rank() + 1) {
      throw call.rejects(
          "sequences (batch, steps, channels) where time steps are masked",
          x.shape(),
          "Normalise before more axes are added, or remove the mask.");
    }
    Node counts = Ops.cast(Ops.reshape(mask, mask.shape().append(1)), x.dtype());
    Node all = Ops.broadcastTo(counts, x.shape());
    Node weight = Ops.add(Ops.sum(all, others), UNDIVIDED);
    Node mean = Ops.divide(Ops.sum(Ops.select(all, x, Ops.like(x, 0)), others), weight);
    Node distance = Ops.select(all, Ops.subtract(x, mean), Ops.like(x, 0));
    return new Statistics(mean, Ops.divide(Ops.sum(Ops.square(distance), others), weight));
  }

  private Node moved(Node moving, Node batch) {
    return Ops.add(Ops.multiply(moving, momentum), Ops.multiply(batch, 1 - momentum));
  }

  /// The shape that lines channels up with their axis; the last axis needs none.
  private static Shape along(int rank, int channelAxis, int channels) {
    int[] sizes = new int[rank - channelAxis];
    Arrays.fill(sizes, 1);
    sizes[0] = channels;
    return Shape.of(sizes);
  }
}
