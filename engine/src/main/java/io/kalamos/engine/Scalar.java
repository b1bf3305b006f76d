package io.kalamos.engine;

/// A number that the caller sets by name before each step, such as the learning rate.
public record Scalar(String name) implements Op.Leaf {
  @Override
  public Shape shape() {
    return Shape.SCALAR;
  }

  @Override
  public DType dtype() {
    return DType.FLOAT32;
  }

  @Override
  public String label() {
    return "Scalar " + name;
  }
}
