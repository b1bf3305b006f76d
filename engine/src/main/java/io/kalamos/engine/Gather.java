package io.kalamos.engine;

import java.util.Arrays;
import java.util.List;

/// Rows of a matrix (vocabulary, units) by whole numbers of any shape, which becomes the shape of
/// the result in front of the units.
///
/// An index below 0 counts as 0, one beyond the last row as that of the last row, so that no memory
/// outside of the matrix is ever read.
public record Gather() implements Op {
  @Override
  public Shape shape(List<Node> inputs) {
    Shape table = inputs.get(0).shape();
    Node indices = inputs.get(1);
    if (table.rank() != 2 || !indices.dtype().integral()) {
      throw new ShapeException(
          "gather: expected a matrix (vocabulary, units) and whole numbers, received table="
              + table
              + ", indices="
              + indices.dtype()
              + indices.shape()
              + ". Reshape the table or cast the indices to int32.");
    }
    int[] sizes = Arrays.copyOf(indices.shape().toArray(), indices.shape().rank() + 1);
    sizes[sizes.length - 1] = table.dim(1);
    return Shape.of(sizes);
  }

  @Override
  public List<Node> gradient(Node self, Node upstream) {
    Node indices = self.input(1);
    return Arrays.asList(
        Node.of(new GatherGradient(self.input(0).shape()), indices, upstream), null);
  }
}
