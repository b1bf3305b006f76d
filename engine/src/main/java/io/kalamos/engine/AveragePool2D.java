package io.kalamos.engine;

import java.util.List;

/// The mean of each window and channel over the pixels that are not padding, as in Keras.
public record AveragePool2D(Window window) implements Op {
  @Override
  public Shape shape(List<Node> inputs) {
    Shape x = inputs.getFirst().shape();
    return window.outputShape("average_pool2d", x, x.dim(-1));
  }

  @Override
  public List<Node> gradient(Node self, Node upstream) {
    return List.of(Node.of(new AveragePool2DGradient(window, self.input(0).shape()), upstream));
  }

  @Override
  public String label() {
    return "AveragePool2D " + window;
  }
}
