package io.kalamos.engine;

import java.util.List;

/// Gradient of [Convolution2D] with respect to the pictures, which is also the transposed
/// convolution; inputs: upstream gradient (or pictures to be widened), kernel.
public record Convolution2DInputGradient(Window window, int groups, Shape input) implements Op {
  @Override
  public Shape shape(List<Node> inputs) {
    Shape upstream = inputs.get(0).shape();
    Shape kernel = inputs.get(1).shape();
    boolean fits =
        kernel.rank() == 4
            && kernel.dim(0) == window.height()
            && kernel.dim(1) == window.width()
            && kernel.dim(2) * groups == input.dim(3)
            && window.outputShape("conv2d_transpose", input, kernel.dim(3)).equals(upstream);
    if (!fits) {
      throw new ShapeException(
          "conv2d_transpose: expected pictures and a kernel ("
              + window.height()
              + ", "
              + window.width()
              + ", filters, channels) that a convolution of "
              + input
              + " fits, received pictures="
              + upstream
              + ", kernel="
              + kernel
              + ". Choose an output size that the window makes the pictures of.");
    }
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
