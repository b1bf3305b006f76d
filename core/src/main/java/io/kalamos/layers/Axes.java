package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Axes as Keras's options name them, negative ones counting from the end.
final class Axes {
  private Axes() {}

  /// Sorted and counted from the front; an error of the layer where one is the batch, does not
  /// exist or stands twice.
  static List<Integer> behindBatch(Call call, Shape shape, List<Integer> axes) {
    int rank = shape.rank();
    List<Integer> positive =
        axes.stream().map(axis -> axis < 0 ? axis + rank : axis).sorted().toList();
    boolean fits =
        positive.stream().allMatch(axis -> axis > 0 && axis < rank)
            && positive.stream().distinct().count() == positive.size();
    if (!fits) {
      throw call.rejects(
          "an input that has axis=" + axes + " behind the batch, each once",
          shape,
          "Choose axes that exist; the last one is -1.");
    }
    return positive;
  }

  /// The shape with 1 for all axes but these, without leading 1s: what lines values along these
  /// axes up with the others.
  static Shape only(Shape shape, List<Integer> axes) {
    int first = axes.getFirst();
    return Shape.of(
        IntStream.range(first, shape.rank())
            .map(axis -> axes.contains(axis) ? shape.dim(axis) : 1)
            .toArray());
  }

  /// The order of `rank` axes in which these come last.
  static Integer[] last(int rank, List<Integer> axes) {
    Stream<Integer> others = IntStream.range(0, rank).boxed().filter(axis -> !axes.contains(axis));
    return Stream.concat(others, axes.stream()).toArray(Integer[]::new);
  }

  /// The order that brings axes back to where they were before this one.
  static Integer[] inverse(Integer[] order) {
    Integer[] back = new Integer[order.length];
    for (int i = 0; i < order.length; i++) {
      back[order[i]] = i;
    }
    return back;
  }

  /// Nothing happens where the order is the same.
  static Node transposed(Node x, Integer... order) {
    boolean same = IntStream.range(0, order.length).allMatch(i -> order[i] == i);
    return same ? x : Ops.transpose(x, order);
  }
}
