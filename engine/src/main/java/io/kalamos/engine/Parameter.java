package io.kalamos.engine;

/// The current value of a variable.
public record Parameter(Variable variable) implements Op.Leaf {
  @Override
  public Shape shape() {
    return variable.shape();
  }

  @Override
  public DType dtype() {
    return variable.dtype();
  }

  @Override
  public String label() {
    return "Parameter " + variable.path();
  }
}
