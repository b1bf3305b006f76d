package io.kalamos.initializers;

import io.kalamos.engine.Shape;

/// How many inputs one output of a weight has, and how many outputs one input.
///
/// Keras's rule: of a kernel (..., inputs, outputs) each also counts the receptive field, the
/// product of the axes before; a vector counts its length for both.
public record Fans(long in, long out) {
  public static Fans of(Shape shape) {
    return switch (shape.rank()) {
      case 0 -> new Fans(1, 1);
      case 1 -> new Fans(shape.dim(0), shape.dim(0));
      default -> {
        long field = shape.product(0, shape.rank() - 2);
        yield new Fans(field * shape.dim(-2), field * shape.dim(-1));
      }
    };
  }
}
