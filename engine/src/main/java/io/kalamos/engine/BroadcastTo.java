package io.kalamos.engine;

import java.util.List;

/// Repeats elements by NumPy's rules.
public record BroadcastTo(Shape to) implements Op {
  @Override
  public Shape shape(List<Node> inputs) {
    Shape from = inputs.getFirst().shape();
    if (!Shape.broadcast(from, to).equals(to)) {
      throw new ShapeException(
          "broadcast: expected a shape that repeats to "
              + to
              + ", received shape="
              + from
              + ". Reshape the input.");
    }
    return to;
  }

  @Override
  public List<Node> gradient(Node self, Node upstream) {
    return List.of(Ops.sumTo(upstream, self.input(0).shape()));
  }

  @Override
  public boolean elementwise() {
    return true;
  }
}
