package io.kalamos.engine;

import java.util.Arrays;
import java.util.List;

/// `condition != 0 ? a : b` for each element; the three inputs repeat by NumPy's rules.
public record Select() implements Op {
  @Override
  public Shape shape(List<Node> inputs) {
    return Shape.broadcast(
        inputs.get(0).shape(), Shape.broadcast(inputs.get(1).shape(), inputs.get(2).shape()));
  }

  @Override
  public DType dtype(List<Node> inputs) {
    return inputs.get(1).dtype();
  }

  @Override
  public List<Node> gradient(Node self, Node upstream) {
    Node condition = self.input(0);
    Node zero = Ops.like(upstream, 0);
    return Arrays.asList(
        null,
        Ops.sumTo(Ops.select(condition, upstream, zero), self.input(1).shape()),
        Ops.sumTo(Ops.select(condition, zero, upstream), self.input(2).shape()));
  }

  @Override
  public boolean elementwise() {
    return true;
  }
}
