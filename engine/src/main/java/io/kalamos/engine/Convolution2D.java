package io.kalamos.engine;

import java.util.List;

/// Convolution (cross-correlation, as in Keras) of pictures (batch, height, width, channels) with a
/// kernel (height, width, channels / groups, filters).
public record Convolution2D(Window window, int groups, Epilogue epilogue) implements Op {
  public Convolution2D(Window window, int groups) {
    this(window, groups, Epilogue.NONE);
  }

  @Override
  public Shape shape(List<Node> inputs) {
    Shape x = inputs.get(0).shape();
    Shape kernel = inputs.get(1).shape();
    Shape output = window.outputShape("conv2d", x, kernel.dim(-1));
    boolean fits =
        kernel.rank() == 4
            && kernel.dim(0) == window.height()
            && kernel.dim(1) == window.width()
            && kernel.dim(2) * groups == x.dim(3)
            && kernel.dim(3) % groups == 0;
    if (!fits) {
      throw new ShapeException(
          "conv2d: expected a kernel ("
              + window.height()
              + ", "
              + window.width()
              + ", "
              + x.dim(3)
              + " / "
              + groups
              + ", filters), received kernel="
              + kernel
              + " for pictures "
              + x
              + ". Make channels and filters divisible by groups.");
    }
    return output;
  }

  @Override
  public List<Node> gradient(Node self, Node upstream) {
    Node x = self.input(0);
    Node kernel = self.input(1);
    return List.of(
        Node.of(new Convolution2DInputGradient(window, groups, x.shape()), upstream, kernel),
        Node.of(new Convolution2DKernelGradient(window, groups, kernel.shape()), x, upstream));
  }

  @Override
  public String label() {
    return "Conv2D " + window + (groups > 1 ? " groups " + groups : "") + epilogue;
  }
}
