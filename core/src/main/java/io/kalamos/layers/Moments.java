package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import java.util.ArrayList;
import java.util.List;

/// Means and variances of samples.
///
/// Sums and repetitions go over neighbouring axes at a time, which backends do in one pass each.
final class Moments {
  private Moments() {}

  /// (x - mean) / sqrt(variance + epsilon), mean and variance taken over the axes, in rising order.
  static Node normalized(Node x, double epsilon, List<Integer> axes) {
    Node centered = Ops.subtract(x, repeated(mean(x, axes), x.shape(), axes));
    Node variance = mean(Ops.square(centered), axes);
    Node factor = Ops.rsqrt(Ops.add(variance, epsilon));
    return Ops.multiply(centered, repeated(factor, x.shape(), axes));
  }

  private static Node mean(Node x, List<Integer> axes) {
    Node sum = x;
    for (List<Integer> run : runs(axes).reversed()) {
      Shape shape = sum.shape();
      Shape narrow = shape;
      for (int axis : run) {
        narrow = narrow.with(axis, 1);
      }
      sum = Ops.reshape(Ops.sum(Ops.reshape(sum, around(shape, run)), 1), narrow);
    }
    return Ops.multiply(sum, (double) sum.shape().size() / x.shape().size());
  }

  private static Node repeated(Node x, Shape shape, List<Integer> axes) {
    Node repeated = x;
    for (List<Integer> run : runs(axes).reversed()) {
      Shape wide = repeated.shape();
      for (int axis : run) {
        wide = wide.with(axis, shape.dim(axis));
      }
      Shape places = around(wide, run);
      Node one = Ops.reshape(repeated, places.with(1, 1));
      repeated = Ops.reshape(Ops.broadcastTo(one, places), wide);
    }
    return repeated;
  }

  /// (what stands before a run of axes, its places, what stands behind).
  private static Shape around(Shape shape, List<Integer> run) {
    int first = run.getFirst();
    int end = run.getLast() + 1;
    return Shape.of(
        Math.toIntExact(shape.product(0, first)),
        Math.toIntExact(shape.product(first, end)),
        Math.toIntExact(shape.product(end, shape.rank())));
  }

  /// Axes that stand side by side, in rising order.
  private static List<List<Integer>> runs(List<Integer> axes) {
    List<List<Integer>> runs = new ArrayList<>();
    for (int axis : axes) {
      if (runs.isEmpty() || runs.getLast().getLast() != axis - 1) {
        runs.add(new ArrayList<>());
      }
      runs.getLast().add(axis);
    }
    return runs;
  }
}
