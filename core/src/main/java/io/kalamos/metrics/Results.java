package io.kalamos.metrics;

import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;

/// Figures as tensors of float64.
final class Results {
  private Results() {}

  static Tensor number(double value) {
    Tensor result = Tensor.zeros(DType.FLOAT64, Shape.SCALAR);
    result.set(0, value);
    return result;
  }

  /// a / b, and 0 where b is 0.
  static double ratio(double a, double b) {
    return b == 0 ? 0 : a / b;
  }
}
