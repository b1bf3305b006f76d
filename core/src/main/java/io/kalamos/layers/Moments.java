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
      sum = Ops.sum(sum, run.toArray(Integer[]::new));
    }
    return Ops.multiply(sum, (double) sum.shape().size() / x.shape().size());
  }

  private static Node repeated(Node x, Shape shape, List<Integer> axes) {
    Node repeated = x;
    for (List<Integer> run : runs(axes).reversed()) {
      Shape wider = repeated.shape();
      for (int axis : run) {
        wider = wider.with(axis, shape.dim(axis));
      }
      repeated = Ops.broadcastTo(repeated, wider);
    }
    return repeated;
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
