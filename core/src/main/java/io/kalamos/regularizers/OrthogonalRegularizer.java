package io.kalamos.regularizers;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Node;
import io.kalamos.engine.Shape;
import io.kalamos.engine.ShapeException;
import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.Objects;

/// factor * the mean of |cosine| between any two rows (or columns) of a weight with two axes; 0
/// where they are orthogonal. Keras's `OrthogonalRegularizer`.
public record OrthogonalRegularizer(double factor, Mode mode) implements Regularizer {
  /// Which vectors of a matrix are compared.
  public enum Mode {
    ROWS,
    COLUMNS
  }

  /// The least length that is divided by; Keras's `epsilon()`.
  private static final double EPSILON = 1e-7;

  public OrthogonalRegularizer {
    Refusal.unlessNotNegative(
        "OrthogonalRegularizer", "factor", factor, "Keras's default is 0.01.");
    Objects.requireNonNull(mode);
  }

  public static OrthogonalRegularizer of() {
    return of(0.01);
  }

  public static OrthogonalRegularizer of(double factor) {
    return new OrthogonalRegularizer(factor, Mode.ROWS);
  }

  public OrthogonalRegularizer mode(Mode mode) {
    return Vary.of(this, "mode", mode);
  }

  @Override
  public Node penalty(Node weight) {
    if (weight.shape().rank() != 2) {
      throw new ShapeException(
          "OrthogonalRegularizer: expected a weight with two axes, received shape="
              + weight.shape()
              + ". Use it for kernels of dense layers.");
    }
    boolean rows = mode == Mode.ROWS;
    int along = rows ? 1 : 0;
    int size = weight.shape().dim(1 - along);
    Node lengths = sqrt(maximum(sum(square(weight), along), EPSILON * EPSILON));
    Node units = divide(weight, lengths);
    Node cosines = matmul(units, units, !rows, rows);
    Node others = multiply(cosines, constant(offDiagonal(weight, size)));
    double pairs = Math.max(1, size * (size - 1.0) / 2);
    return divide(multiply(sumAll(abs(others)), factor * 0.5), pairs);
  }

  private static Tensor offDiagonal(Node weight, int size) {
    Tensor mask = Tensor.zeros(weight.dtype(), Shape.of(size, size));
    mask.fill(i -> i / size == i % size ? 0 : 1);
    return mask;
  }
}
