package io.kalamos.engine;

import java.util.List;

/// The greatest value of each window and channel; padding never wins.
public record MaxPool2D(Window window) implements Op {
  @Override
  public Shape shape(List<Node> inputs) {
    Shape x = inputs.getFirst().shape();
    return window.outputShape("max_pool2d", x, x.dim(-1));
  }

  @Override
  public List<Node> gradient(Node self, Node upstream) {
    return List.of(Node.of(new MaxPool2DGradient(window), self.input(0), self, upstream));
  }

  @Override
  public String label() {
    return "MaxPool2D " + window;
  }
}
