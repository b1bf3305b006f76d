package io.kalamos.engine;

import java.util.List;
import java.util.stream.IntStream;

/// Zeros around the elements: so many before and after along each axis.
public record Pad(List<Integer> before, List<Integer> after) implements Op {
  public Pad {
    before = List.copyOf(before);
    after = List.copyOf(after);
  }

  @Override
  public Shape shape(List<Node> inputs) {
    Shape x = inputs.getFirst().shape();
    boolean fits = before.size() == x.rank() && after.size() == x.rank();
    for (int axis = 0; fits && axis < x.rank(); axis++) {
      fits = before.get(axis) >= 0 && after.get(axis) >= 0;
    }
    if (!fits) {
      throw new ShapeException(
          "pad: expected 0 or more zeros before and after each axis of "
              + x
              + ", received before="
              + before
              + ", after="
              + after
              + ". Give two numbers for each axis.");
    }
    return Shape.of(
        IntStream.range(0, x.rank())
            .map(axis -> before.get(axis) + x.dim(axis) + after.get(axis))
            .toArray());
  }

  @Override
  public List<Node> gradient(Node self, Node upstream) {
    Shape x = self.input(0).shape();
    List<Integer> to =
        IntStream.range(0, x.rank()).mapToObj(axis -> before.get(axis) + x.dim(axis)).toList();
    return List.of(Node.of(new Slice(before, to), upstream));
  }

  /// The only axis along which something is added, or -1 where there is none or several.
  int onlyAxis() {
    int only = -1;
    for (int axis = 0; axis < before.size(); axis++) {
      if (before.get(axis) + after.get(axis) > 0) {
        if (only >= 0) {
          return -1;
        }
        only = axis;
      }
    }
    return only;
  }

  @Override
  public String label() {
    return "Pad " + before + " and " + after;
  }
}
