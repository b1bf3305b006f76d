package io.kalamos.engine;

/// Shapes or types that do not fit: the message says where, what was expected, what was received
/// and what to do.
public final class ShapeException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public ShapeException(String message) {
    super(message);
  }
}
