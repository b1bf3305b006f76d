package io.kalamos.metrics;

import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import java.util.Arrays;

/// Figures as tensors of float64.
final class Results {
  private Results() {}

  static Tensor number(double value) {
    Tensor result = Tensor.zeros(DType.FLOAT64, Shape.SCALAR);
    result.set(0, value);
    return result;
  }

  /// A list of numbers; a single one is no list.
  static Tensor numbers(double[] values) {
    return values.length == 1 ? number(values[0]) : list(values);
  }

  static Tensor list(double[] values) {
    return Tensor.of(values, values.length);
  }

  /// a / b, and 0 where b is 0.
  static double ratio(double a, double b) {
    return b == 0 ? 0 : a / b;
  }

  static double mean(double[] values) {
    return Arrays.stream(values).sum() / values.length;
  }
}
