package io.kalamos.engine;

import java.util.List;

/// Gradient of [Convolution2D] with respect to the pictures; inputs: upstream gradient, kernel.
public record Convolution2DInputGradient(Window window, int groups, Shape input) implements Op {
  @Override
  public Shape shape(List<Node> inputs) {
    return input;
  }

  /// The op is linear in both inputs: a convolution and a kernel gradient.
  @Override
  public List<Node> gradient(Node self, Node upstream) {
    Node kernel = self.input(1);
    return List.of(
        Node.of(new Convolution2D(window, groups), upstream, kernel),
        Node.of(
            new Convolution2DKernelGradient(window, groups, kernel.shape()),
            upstream,
            self.input(0)));
  }

  @Override
  public String label() {
    return "Conv2DInputGradient " + window;
  }
}
