package io.kalamos.engine;

import java.util.List;
import java.util.stream.IntStream;

/// The elements from `from` (inclusive) to `to` (exclusive) of each axis.
public record Slice(List<Integer> from, List<Integer> to) implements Op {
  public Slice {
    from = List.copyOf(from);
    to = List.copyOf(to);
  }

  /// A range of one axis and the whole of the others.
  static Slice of(Shape shape, int axis, int from, int to) {
    return new Slice(
        axes(shape, i -> i == axis ? from : 0), axes(shape, i -> i == axis ? to : shape.dim(i)));
  }

  private static List<Integer> axes(Shape shape, java.util.function.IntUnaryOperator value) {
    return IntStream.range(0, shape.rank()).map(value).boxed().toList();
  }

  /// The elements from one row of the result to the next within `x`, where the result is some
  /// neighbouring columns of its rows; otherwise 0.
  public int stride(Shape x) {
    int first = firstCut(x);
    int last = x.rank() - 1;
    while (last > first && whole(x, last)) {
      last--;
    }
    boolean together = first > 0 && first < x.rank();
    for (int axis = first; together && axis < last; axis++) {
      together = to.get(axis) - from.get(axis) == 1;
    }
    return together ? Math.toIntExact(x.product(first, x.rank())) : 0;
  }

  /// The elements of such a row.
  public int columns(Shape x) {
    int columns = 1;
    for (int axis = firstCut(x); axis < x.rank(); axis++) {
      columns *= to.get(axis) - from.get(axis);
    }
    return columns;
  }

  /// The place of the first element within `x`.
  public long offset(Shape x) {
    long offset = 0;
    for (int axis = 0; axis < x.rank(); axis++) {
      offset += from.get(axis) * x.product(axis + 1, x.rank());
    }
    return offset;
  }

  private int firstCut(Shape x) {
    int axis = 0;
    while (axis < x.rank() && whole(x, axis)) {
      axis++;
    }
    return axis;
  }

  private boolean whole(Shape x, int axis) {
    return to.get(axis) - from.get(axis) == x.dim(axis);
  }

  @Override
  public Shape shape(List<Node> inputs) {
    Shape x = inputs.getFirst().shape();
    boolean fits = from.size() == x.rank() && to.size() == x.rank();
    for (int axis = 0; fits && axis < x.rank(); axis++) {
      fits = 0 <= from.get(axis) && from.get(axis) < to.get(axis) && to.get(axis) <= x.dim(axis);
    }
    if (!fits) {
      throw new ShapeException(
          "slice: expected 0 <= from < to <= size for each axis of "
              + x
              + ", received from="
              + from
              + ", to="
              + to
              + ". Choose elements that exist.");
    }
    return Shape.of(
        axes(x, axis -> to.get(axis) - from.get(axis)).stream().mapToInt(n -> n).toArray());
  }

  /// What was left out receives zeros.
  @Override
  public List<Node> gradient(Node self, Node upstream) {
    Shape x = self.input(0).shape();
    return List.of(Node.of(new Pad(from, axes(x, axis -> x.dim(axis) - to.get(axis))), upstream));
  }

  @Override
  public String label() {
    return "Slice " + from + " to " + to;
  }
}
