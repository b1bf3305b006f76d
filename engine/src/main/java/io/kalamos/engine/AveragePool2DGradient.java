package io.kalamos.engine;

import java.util.List;

/// Gradient of [AveragePool2D] with respect to the pictures; input: upstream gradient.
public record AveragePool2DGradient(Window window, Shape input) implements Op {
  @Override
  public Shape shape(List<Node> inputs) {
    return input;
  }

  @Override
  public List<Node> gradient(Node self, Node upstream) {
    return List.of(Node.of(new AveragePool2D(window), upstream));
  }

  @Override
  public String label() {
    return "AveragePool2DGradient " + window;
  }
}
