package io.kalamos.engine;

import java.util.List;

/// The same elements in the same order under another shape.
public record Reshaping(Shape to) implements Op {
  @Override
  public Shape shape(List<Node> inputs) {
    Shape from = inputs.getFirst().shape();
    if (from.size() != to.size()) {
      throw new ShapeException(
          "reshape: expected "
              + from.size()
              + " elements as in "
              + from
              + ", received shape="
              + to
              + ". Keep the number of elements.");
    }
    return to;
  }

  @Override
  public List<Node> gradient(Node self, Node upstream) {
    return List.of(Ops.reshape(upstream, self.input(0).shape()));
  }

  @Override
  public String label() {
    return "Reshape";
  }
}
