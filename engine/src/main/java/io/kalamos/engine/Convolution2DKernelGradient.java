package io.kalamos.engine;

import java.util.List;

/// Gradient of [Convolution2D] with respect to the kernel; inputs: pictures, upstream gradient.
public record Convolution2DKernelGradient(Window window, int groups, Shape kernel) implements Op {
  @Override
  public Shape shape(List<Node> inputs) {
    return kernel;
  }

  /// The op is linear in both inputs: an input gradient and a convolution.
  @Override
  public List<Node> gradient(Node self, Node upstream) {
    Node x = self.input(0);
    return List.of(
        Node.of(new Convolution2DInputGradient(window, groups, x.shape()), self.input(1), upstream),
        Node.of(new Convolution2D(window, groups), x, upstream));
  }

  @Override
  public String label() {
    return "Conv2DKernelGradient " + window;
  }
}
