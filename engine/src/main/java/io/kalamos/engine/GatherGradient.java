package io.kalamos.engine;

import java.util.Arrays;
import java.util.List;

/// Gradient of [Gather] with respect to the matrix: adds each upstream row to the row of the matrix
/// that it came from, in the order of the indices; inputs: indices, upstream gradient.
public record GatherGradient(Shape table) implements Op {
  @Override
  public Shape shape(List<Node> inputs) {
    return table;
  }

  @Override
  public DType dtype(List<Node> inputs) {
    return inputs.get(1).dtype();
  }

  /// The op is linear in the upstream gradient.
  @Override
  public List<Node> gradient(Node self, Node upstream) {
    return Arrays.asList(null, Node.of(new Gather(), upstream, self.input(0)));
  }
}
