package io.kalamos.onnx;

import static java.util.Map.entry;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Normalisation over batches, layers, groups, instances and windows of channels.
final class NormalizationOperators {
  static final Map<String, Operator> ALL =
      Map.ofEntries(
          entry("BatchNormalization", NormalizationOperators::batch),
          entry("InstanceNormalization", NormalizationOperators::instance),
          entry("LayerNormalization", NormalizationOperators::layer),
          entry("GroupNormalization", NormalizationOperators::group),
          entry("RMSNormalization", NormalizationOperators::rootMeanSquare),
          entry("MeanVarianceNormalization", NormalizationOperators::meanVariance),
          entry("LpNormalization", NormalizationOperators::length),
          entry("LRN", NormalizationOperators::localResponse));

  private static final double EPSILON = 1e-5f;

  private NormalizationOperators() {}

  /// Mean and variance over axes, which stay with size 1.
  private record Moments(Node mean, Node variance) {
    static Moments of(Node x, Integer... axes) {
      Node mean = Ops.mean(x, axes);
      return new Moments(mean, Ops.mean(Ops.square(Ops.subtract(x, mean)), axes));
    }

    Node inverse(double epsilon) {
      return Ops.rsqrt(Ops.add(variance, epsilon));
    }
  }

  private static Integer[] range(int from, int to) {
    return IntStream.range(from, to).boxed().toArray(Integer[]::new);
  }

  /// With the file's statistics, or the batch's where the file was exported for training.
  private static List<Value> batch(Site s) {
    Node x = s.x(0);
    int rank = x.shape().rank();
    double epsilon = s.real("epsilon", EPSILON);
    boolean training = s.flag("training_mode", false);
    Node scale = ConvolutionOperators.channels(s.x(1), rank);
    Node offset = ConvolutionOperators.channels(s.x(2), rank);
    Node mean = ConvolutionOperators.channels(s.x(3), rank);
    Node variance = ConvolutionOperators.channels(s.x(4), rank);
    if (!training) {
      return s.give(normalized(x, new Moments(mean, variance), epsilon, scale, offset));
    }
    Integer[] others = IntStream.range(0, rank).filter(a -> a != 1).boxed().toArray(Integer[]::new);
    Moments moments = Moments.of(x, others);
    double momentum = s.real("momentum", 0.9f);
    Shape channels = s.shape(3);
    return List.of(
        s.result(normalized(x, moments, epsilon, scale, offset), s.type(0)),
        s.result(moved(s.x(3), Ops.reshape(moments.mean(), channels), momentum), s.type(3)),
        s.result(moved(s.x(4), Ops.reshape(moments.variance(), channels), momentum), s.type(4)));
  }

  private static Node moved(Node before, Node now, double momentum) {
    return Ops.add(Ops.multiply(before, momentum), Ops.multiply(now, 1 - momentum));
  }

  private static Node normalized(Node x, Moments moments, double epsilon, Node scale, Node offset) {
    Node even = Ops.multiply(Ops.subtract(x, moments.mean()), moments.inverse(epsilon));
    return Ops.add(Ops.multiply(even, scale), offset);
  }

  private static List<Value> instance(Site s) {
    Node x = s.x(0);
    int rank = x.shape().rank();
    return s.give(
        normalized(
            x,
            Moments.of(x, range(2, rank)),
            s.real("epsilon", EPSILON),
            ConvolutionOperators.channels(s.x(1), rank),
            ConvolutionOperators.channels(s.x(2), rank)));
  }

  private static List<Value> layer(Site s) {
    Node x = s.x(0);
    int rank = x.shape().rank();
    Moments moments = Moments.of(x, range(s.axis(s.number("axis", -1), rank), rank));
    Node inverse = moments.inverse(s.real("epsilon", EPSILON));
    Node even = Ops.multiply(Ops.subtract(x, moments.mean()), inverse);
    Node scaled = Ops.multiply(even, s.x(1));
    return List.of(
        s.result(s.has(2) ? Ops.add(scaled, s.x(2)) : scaled, s.type(0)),
        s.result(moments.mean(), s.type(0)),
        s.result(inverse, s.type(0)));
  }

  /// Up to opset 20 with a scale for each group, from 21 on for each channel.
  private static List<Value> group(Site s) {
    Node x = s.x(0);
    Shape shape = x.shape();
    int groups = s.size("num_groups", s.number("num_groups", 1), 1);
    if (shape.rank() < 3 || shape.dim(1) % groups != 0) {
      throw s.refusal(
          "groups that divide the channels of " + shape, "num_groups", groups, "Export anew.");
    }
    int each = shape.dim(1) / groups;
    int rest = Math.toIntExact(shape.product(2, shape.rank()));
    Node parts = Ops.reshape(x, Shape.of(shape.dim(0), groups, each, rest));
    Moments moments = Moments.of(parts, 2, 3);
    boolean channels = s.opset() >= 21;
    Shape along = channels ? Shape.of(groups, each, 1) : Shape.of(groups, 1, 1);
    Node y =
        normalized(
            parts,
            moments,
            s.real("epsilon", EPSILON),
            Ops.reshape(s.x(1), along),
            Ops.reshape(s.x(2), along));
    return s.give(Ops.reshape(y, shape));
  }

  private static List<Value> rootMeanSquare(Site s) {
    Node x = s.x(0);
    int rank = x.shape().rank();
    Node square = Ops.mean(Ops.square(x), range(s.axis(s.number("axis", -1), rank), rank));
    Node even = Ops.multiply(x, Ops.rsqrt(Ops.add(square, s.real("epsilon", EPSILON))));
    return s.give(Ops.multiply(even, s.x(1)));
  }

  private static List<Value> meanVariance(Site s) {
    Node x = s.x(0);
    int[] axes = s.axes(s.numbers("axes", 0, 2, 3), x.shape().rank());
    Moments moments = Moments.of(x, IntStream.of(axes).boxed().toArray(Integer[]::new));
    Node deviation = Ops.add(Ops.sqrt(moments.variance()), 1e-9);
    return s.give(Ops.divide(Ops.subtract(x, moments.mean()), deviation));
  }

  private static List<Value> length(Site s) {
    Node x = s.x(0);
    int axis = s.axis(s.number("axis", -1), x.shape().rank());
    Node length =
        s.number("p", 2) == 1 ? Ops.sum(Ops.abs(x), axis) : Ops.sqrt(Ops.sum(Ops.square(x), axis));
    Node zero = Ops.like(x, 0);
    return s.give(
        Ops.select(
            Ops.broadcastTo(Ops.equal(length, zero), x.shape()), zero, Ops.divide(x, length)));
  }

  /// Each channel divided by what its neighbours sum up to.
  private static List<Value> localResponse(Site s) {
    Node x = s.x(0);
    int size = s.size("size", s.number("size", 1), 1);
    s.unrolls("size", size);
    int channels = x.shape().dim(1);
    int[] before = new int[x.shape().rank()];
    int[] after = new int[x.shape().rank()];
    before[1] = (size - 1) / 2;
    after[1] = size - 1 - before[1];
    Node padded = Ops.pad(Ops.square(x), before, after);
    Node sum =
        IntStream.range(0, size)
            .mapToObj(i -> Ops.slice(padded, 1, i, i + channels))
            .reduce(Ops::add)
            .orElseThrow();
    Node base =
        Ops.add(Ops.multiply(sum, s.real("alpha", 1e-4f) / size), Ops.like(x, s.real("bias", 1)));
    return s.give(Ops.multiply(x, Ops.exp(Ops.multiply(Ops.log(base), -s.real("beta", 0.75)))));
  }
}
