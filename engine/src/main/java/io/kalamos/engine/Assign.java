package io.kalamos.engine;

/// Writes a value into a variable at the end of a step, after every read of it.
public record Assign(Variable variable, Node value) {
  public Assign {
    if (!variable.shape().equals(value.shape()) || variable.dtype() != value.dtype()) {
      throw new ShapeException(
          variable.path()
              + ": expected an update of "
              + variable.dtype()
              + variable.shape()
              + ", received "
              + value.dtype()
              + value.shape()
              + ". Reshape or cast the update.");
    }
  }
}
