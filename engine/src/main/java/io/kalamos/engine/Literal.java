package io.kalamos.engine;

/// Numbers fixed when the graph is written, such as class indices or means per pixel.
public record Literal(Tensor tensor) implements Op.Leaf {
  @Override
  public Shape shape() {
    return tensor.shape();
  }

  @Override
  public DType dtype() {
    return tensor.dtype();
  }

  @Override
  public String label() {
    return "Constant";
  }
}
