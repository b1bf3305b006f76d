package io.kalamos.onnx;

import static java.util.Map.entry;

import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/// Sums, means, extremes and places along axes.
final class ReductionOperators {
  static final Map<String, Operator> ALL =
      Map.ofEntries(
          entry("ReduceSum", reduction(13, Ops::sum)),
          entry("ReduceMean", reduction(18, Ops::mean)),
          entry("ReduceMax", reduction(18, Ops::max)),
          entry("ReduceMin", reduction(18, (x, axes) -> Ops.neg(Ops.max(Ops.neg(x), axes)))),
          entry("ReduceProd", s -> reduced(s, 18, (x, axes) -> product(s, x, axes))),
          entry("ReduceL1", reduction(18, (x, axes) -> Ops.sum(Ops.abs(x), axes))),
          entry("ReduceL2", reduction(18, (x, axes) -> Ops.sqrt(Ops.sum(Ops.square(x), axes)))),
          entry("ReduceSumSquare", reduction(18, (x, axes) -> Ops.sum(Ops.square(x), axes))),
          entry("ReduceLogSum", reduction(18, (x, axes) -> Ops.log(Ops.sum(x, axes)))),
          entry("ReduceLogSumExp", reduction(18, ReductionOperators::logSumExp)),
          entry("ArgMax", s -> place(s, s.x(0))),
          entry("ArgMin", s -> place(s, Ops.neg(s.x(0)))),
          entry("CumSum", ReductionOperators::cumulative));

  private ReductionOperators() {}

  private static Operator reduction(int axesAreInput, BiFunction<Node, Integer[], Node> function) {
    return site -> reduced(site, axesAreInput, function);
  }

  private static List<Value> reduced(
      Site s, int axesAreInput, BiFunction<Node, Integer[], Node> function) {
    Node x = s.x(0);
    int rank = x.shape().rank();
    long[] wanted =
        s.opset() < axesAreInput ? s.numbers("axes") : s.has(1) ? s.numbers(1) : new long[0];
    if (wanted.length == 0 && s.flag("noop_with_empty_axes", false)) {
      return s.give(function.apply(x, new Integer[0]));
    }
    int[] axes = wanted.length == 0 ? IntStream.range(0, rank).toArray() : s.axes(wanted, rank);
    Node raw = function.apply(x, IntStream.of(axes).boxed().toArray(Integer[]::new));
    // Of nothing, the greatest truth value is false and the least is true.
    Node y = s.type(0) == ElementType.BOOL ? Ops.clip(raw, 0, 1) : raw;
    return s.give(s.flag("keepdims", true) ? y : Ops.reshape(y, without(x.shape(), axes)));
  }

  /// The shape without some axes.
  static Shape without(Shape shape, int... axes) {
    return Shape.of(
        IntStream.range(0, shape.rank())
            .filter(axis -> Arrays.stream(axes).noneMatch(a -> a == axis))
            .map(shape::dim)
            .toArray());
  }

  private static Node logSumExp(Node x, Integer... axes) {
    Node greatest = Ops.max(x, axes);
    return Ops.add(Ops.log(Ops.sum(Ops.exp(Ops.subtract(x, greatest)), axes)), greatest);
  }

  /// Products of slices, one axis after the other.
  private static Node product(Site s, Node x, Integer... axes) {
    Node y = x;
    for (int axis : axes) {
      int size = y.shape().dim(axis);
      s.unrolls("size of a product", size);
      Node all = y;
      y =
          IntStream.range(0, size)
              .mapToObj(i -> Ops.slice(all, axis, i, i + 1))
              .reduce(Ops::multiply)
              .orElseGet(() -> Ops.fill(1, all.shape().with(axis, 1), s.dtype()));
    }
    return y;
  }

  private static List<Value> place(Site s, Node x) {
    int rank = x.shape().rank();
    int axis = s.axis(s.number("axis", 0), rank);
    Integer[] last = ActivationOperators.swapped(rank, axis);
    boolean lastOne = s.flag("select_last_index", false);
    int size = x.shape().dim(axis);
    s.unrolls("size of a reversed axis", lastOne ? size : 0);
    Node turned = lastOne ? Ops.reverse(x, axis) : x;
    Node found = Ops.cast(Ops.argMax(Ops.transpose(turned, last)), s.dtype());
    Node place = Ops.transpose(found, last);
    Node y = lastOne ? Ops.subtract(size - 1, place) : place;
    return s.give(
        s.flag("keepdims", true) ? y : Ops.reshape(y, without(x.shape(), axis)), ElementType.INT64);
  }

  /// A product with a triangle of ones.
  private static List<Value> cumulative(Site s) {
    Node x = s.x(0);
    int rank = x.shape().rank();
    int axis = s.axis((long) s.number(1), rank);
    int size = x.shape().dim(axis);
    s.unrolls("size of a cumulative sum", size);
    boolean exclusive = s.flag("exclusive", false);
    boolean reverse = s.flag("reverse", false);
    Tensor triangle = Tensor.zeros(DType.FLOAT64, Shape.of(size, size));
    triangle.fill(
        i -> {
          int from = reverse ? i % size : i / size;
          int to = reverse ? i / size : i % size;
          return from < to || from == to && !exclusive ? 1 : 0;
        });
    Integer[] last = ActivationOperators.swapped(rank, axis);
    Node turned = Ops.transpose(x, last);
    Shape rows = Shape.of(Math.toIntExact(x.shape().size() / size), size);
    Node sums = Ops.matmul(Ops.reshape(turned, rows), Ops.constant(triangle.cast(s.dtype())));
    return s.give(Ops.transpose(Ops.reshape(sums, turned.shape()), last));
  }
}
