package io.kalamos.engine;

/// One number everywhere.
public record Fill(double value, Shape shape, DType dtype) implements Op.Leaf {
  @Override
  public String label() {
    return "Fill " + value;
  }
}
