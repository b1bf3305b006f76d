package io.kalamos.engine;

import java.util.ArrayList;
import java.util.List;

/// Its inputs one behind the other along an axis.
public record Concatenation(int axis) implements Op {
  @Override
  public Shape shape(List<Node> inputs) {
    Node first = inputs.getFirst();
    int total = 0;
    for (Node part : inputs) {
      boolean fits =
          part.dtype() == first.dtype()
              && part.shape().rank() == first.shape().rank()
              && axis >= 0
              && axis < part.shape().rank()
              && part.shape().with(axis, 1).equals(first.shape().with(axis, 1));
      if (!fits) {
        throw new ShapeException(
            "concatenate: expected parts of one type that differ along axis "
                + axis
                + " only, received "
                + inputs.stream().map(input -> input.dtype() + "" + input.shape()).toList()
                + ". Reshape or cast them, or choose another axis.");
      }
      total += part.shape().dim(axis);
    }
    return first.shape().with(axis, total);
  }

  @Override
  public List<Node> gradient(Node self, Node upstream) {
    List<Node> gradients = new ArrayList<>();
    int at = 0;
    for (Node part : self.inputs()) {
      int next = at + part.shape().dim(axis);
      gradients.add(Ops.slice(upstream, axis, at, next));
      at = next;
    }
    return gradients;
  }

  @Override
  public String label() {
    return "Concatenation [" + axis + "]";
  }
}
