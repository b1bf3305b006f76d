package io.kalamos.engine;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/// Axes in another order: axis i of the result is axis `order[i]` of the input.
public record Transpose(List<Integer> order) implements Op {
  public Transpose {
    order = List.copyOf(order);
  }

  @Override
  public Shape shape(List<Node> inputs) {
    Shape x = inputs.getFirst().shape();
    boolean permutation = order.size() == x.rank() && new HashSet<>(order).size() == x.rank();
    if (!permutation || order.stream().anyMatch(axis -> axis < 0 || axis >= x.rank())) {
      throw new ShapeException(
          "transpose: expected an order of all axes of "
              + x
              + ", received order="
              + order
              + ". Name each axis once.");
    }
    return Shape.of(order.stream().mapToInt(x::dim).toArray());
  }

  @Override
  public List<Node> gradient(Node self, Node upstream) {
    List<Integer> inverse = new ArrayList<>(order);
    for (int i = 0; i < order.size(); i++) {
      inverse.set(order.get(i), i);
    }
    return List.of(Node.of(new Transpose(inverse), upstream));
  }

  @Override
  public String label() {
    return "Transpose " + order;
  }
}
