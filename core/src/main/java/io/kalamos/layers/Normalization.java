package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.initializers.Initializer;
import io.kalamos.options.GraphLimit;
import io.kalamos.options.Refusal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// (x - mean) / sqrt(variance), with a mean and a variance for each place along `axis`; with
/// `invert` the way back.
///
/// Given statistics are constants; those that [#adapt] took from data are weights that do not
/// train: mean, variance and count, as in Keras. Keras class `Normalization`.
///
/// @param axis those that keep statistics of their own, counted with the batch as axis 0; the last
///   by default, all others share them
public record Normalization(
    Optional<String> name, List<Integer> axis, Optional<Statistics> statistics, boolean invert)
    implements Layer {
  /// What divides at least: Keras's `epsilon()`.
  private static final double EPSILON = 1e-7;

  /// The mean and the variance of each place along the axes.
  ///
  /// @param samples that they were taken from; 0 where they were given, -1 where they stand in
  ///   weights that are yet to be set
  public record Statistics(List<Double> mean, List<Double> variance, int samples) {
    public Statistics {
      mean = List.copyOf(mean);
      variance = List.copyOf(variance);
      if (mean.size() != variance.size() || mean.isEmpty()) {
        throw Refusal.of(
            "Normalization",
            "as many variances as means (" + mean.size() + ")",
            "variances",
            variance.size(),
            "Give one of each for every place along the axes.");
      }
    }
  }

  public Normalization {
    name.ifPresent(n -> Options.name("Normalization", n));
    axis = List.copyOf(axis);
  }

  /// Statistics along the last axis.
  public static Normalization of() {
    return new Normalization(Optional.empty(), List.of(-1), Optional.empty(), false);
  }

  /// Other axes; none for one mean and one variance of all numbers.
  public Normalization axis(List<Integer> axis) {
    return new Normalization(name, axis, statistics, invert);
  }

  /// Statistics in weights that are yet to be set, as after reading a file: until then a mean of 0
  /// and a variance of 1.
  public Normalization unset() {
    return with(new Statistics(List.of(0.0), List.of(1.0), -1));
  }

  /// x · sqrt(variance) + mean.
  public Normalization invert(boolean invert) {
    return new Normalization(name, axis, statistics, invert);
  }

  /// The same mean and variance everywhere.
  public Normalization meanAndVariance(double mean, double variance) {
    return meanAndVariance(new double[] {mean}, new double[] {variance});
  }

  /// A mean and a variance for each place along the axes, row-major.
  public Normalization meanAndVariance(double[] mean, double[] variance) {
    return with(new Statistics(boxed(mean), boxed(variance), 0));
  }

  /// The layer with the mean and the variance of this data, shape (samples, ...), any type.
  public Normalization adapt(Tensor data) {
    if (data.shape().rank() == 0 || data.size() == 0) {
      throw Refusal.of(
          "Normalization.adapt", "at least one sample", "data", data, "Give the training data.");
    }
    Shape shape = data.shape();
    int[] places = places(shape);
    int count = Arrays.stream(places).max().orElse(0) + 1;
    double[] mean = new double[count];
    double[] variance = new double[count];
    double each = (double) data.size() / count;
    for (long i = 0; i < data.size(); i++) {
      mean[places[(int) (i % places.length)]] += data.get(i) / each;
    }
    for (long i = 0; i < data.size(); i++) {
      int place = places[(int) (i % places.length)];
      double distance = data.get(i) - mean[place];
      variance[place] += distance * distance / each;
    }
    return with(new Statistics(boxed(mean), boxed(variance), shape.dim(0)));
  }

  @Override
  public Normalization named(String name) {
    return new Normalization(Optional.of(name), axis, statistics, invert);
  }

  @Override
  public boolean passesMask() {
    return true;
  }

  @Override
  public Node call(Call call, Node x) {
    Statistics known =
        statistics.orElseThrow(
            () ->
                call.rejects(
                    "a mean and a variance",
                    x.shape(),
                    "Use Normalization.of().adapt(data) or .meanAndVariance(mean, variance)."));
    Shape kept = kept(x.shape());
    boolean everywhere = known.samples() <= 0 && known.mean().size() == 1;
    if (!everywhere && kept.size() != known.mean().size()) {
      throw call.rejects(
          known.mean().size() + " places along the axes " + axis,
          x.shape(),
          "Adapt to data of the shape that the layer gets.");
    }
    Shape along = everywhere && known.samples() == 0 ? Shape.SCALAR : kept;
    Node mean = value(call, "mean", known.mean(), known, along);
    Node variance = value(call, "variance", known.variance(), known, along);
    if (known.samples() != 0) {
      double count = Math.max(0, known.samples());
      call.state("count", Shape.SCALAR, filling(List.of(count)));
    }
    Node deviation = Ops.maximum(Ops.sqrt(variance), EPSILON);
    mean = Ops.cast(mean, x.dtype());
    deviation = Ops.cast(deviation, x.dtype());
    return invert
        ? Ops.add(mean, Ops.multiply(x, deviation))
        : Ops.divide(Ops.subtract(x, mean), deviation);
  }

  private Node value(Call call, String what, List<Double> values, Statistics known, Shape along) {
    if (known.samples() != 0) {
      int rank = along.rank() + 1;
      Shape stored =
          Shape.of(
              axis.stream()
                  .mapToInt(one -> one < 0 ? one + rank : one)
                  .sorted()
                  .map(one -> along.dim(one - 1))
                  .toArray());
      return Ops.reshape(call.state(what, stored, filling(values)), along);
    }
    Tensor constant = GraphLimit.zeros(call.variableType(), along);
    filling(values).fill(constant, 0, 0);
    return Ops.constant(constant);
  }

  private static Initializer filling(List<Double> values) {
    return (weight, seed, stream) -> {
      for (long i = 0; i < weight.size(); i++) {
        weight.set(i, values.get(values.size() == 1 ? 0 : (int) i));
      }
    };
  }

  /// The shape of the statistics, aligned with that of a batch: 1 where they are shared.
  private Shape kept(Shape shape) {
    int[] sizes = new int[shape.rank() - 1];
    Arrays.fill(sizes, 1);
    for (int one : axis) {
      int at = one < 0 ? one + shape.rank() : one;
      if (at < 1 || at >= shape.rank()) {
        throw Refusal.of(
            "Normalization",
            "axes behind the batch of shape " + shape,
            "axis",
            axis,
            "Choose axes that exist; the last one is -1.");
      }
      sizes[at - 1] = shape.dim(at);
    }
    return Shape.of(sizes);
  }

  /// For each number of a sample the index of its statistics.
  private int[] places(Shape shape) {
    Shape kept = kept(shape);
    int[] places = new int[Math.toIntExact(shape.rowSize())];
    for (int i = 0; i < places.length; i++) {
      int rest = i;
      int place = 0;
      int stride = 1;
      for (int axis = kept.rank() - 1; axis >= 0; axis--) {
        int size = shape.dim(axis + 1);
        place += kept.dim(axis) == 1 ? 0 : rest % size * stride;
        stride *= kept.dim(axis);
        rest /= size;
      }
      places[i] = place;
    }
    return places;
  }

  private Normalization with(Statistics statistics) {
    return new Normalization(name, axis, Optional.of(statistics), invert);
  }

  private static List<Double> boxed(double[] values) {
    List<Double> boxed = new ArrayList<>(values.length);
    for (double value : values) {
      boxed.add(value);
    }
    return boxed;
  }
}
