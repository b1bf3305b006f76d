package io.kalamos.engine;

import java.util.List;

/// Sends each window's gradient to the first element (row by row) that reached the maximum; inputs:
/// pictures, pooled pictures, upstream gradient.
public record MaxPool2DGradient(Window window) implements Op {
  @Override
  public Shape shape(List<Node> inputs) {
    return inputs.getFirst().shape();
  }

  @Override
  public List<Node> gradient(Node self, Node upstream) {
    throw new UnsupportedOperationException(
        "max_pool2d: expected first derivatives only, received a second one."
            + " Use average pooling where the gradient's gradient is needed.");
  }

  @Override
  public String label() {
    return "MaxPool2DGradient " + window;
  }
}
