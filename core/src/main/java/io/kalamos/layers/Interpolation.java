package io.kalamos.layers;

import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.options.GraphLimit;

/// Where the pixels of a resized picture come from: from the pixels around the same place, weighted
/// by their distance. Keras's names.
public enum Interpolation {
  /// The pixel in which the place lies.
  NEAREST(0),
  /// A straight line between two pixels along each axis.
  BILINEAR(1),
  /// Keys's cubic curve through four pixels along each axis, with a = -1/2.
  BICUBIC(2),
  /// Lanczos's window over six pixels along each axis.
  LANCZOS3(3),
  /// Lanczos's window over ten pixels along each axis.
  LANCZOS5(5);

  private final int reach;

  Interpolation(int reach) {
    this.reach = reach;
  }

  /// How `input` pixels make `output` pixels along an axis, as a matrix (input, output).
  Tensor places(int input, int output) {
    Tensor matrix = GraphLimit.zeros(DType.FLOAT64, Shape.of(input, output));
    for (int to = 0; to < output; to++) {
      double center = (to + 0.5) * input / output;
      if (this == NEAREST) {
        matrix.set((long) (int) Math.floor((float) center) * output + to, 1);
        continue;
      }
      double sum = 0;
      for (int from = 0; from < input; from++) {
        sum += weight(center - 0.5 - from);
      }
      for (int from = 0; from < input; from++) {
        matrix.set((long) from * output + to, weight(center - 0.5 - from) / sum);
      }
    }
    return matrix;
  }

  private double weight(double distance) {
    double d = Math.abs(distance);
    return switch (this) {
      case NEAREST -> throw new IllegalStateException("has no weights");
      case BILINEAR -> Math.max(0, 1 - d);
      case BICUBIC ->
          d >= 2 ? 0 : d >= 1 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : (1.5 * d - 2.5) * d * d + 1;
      case LANCZOS3, LANCZOS5 -> d >= reach ? 0 : sinc(d) * sinc(d / reach);
    };
  }

  private static double sinc(double x) {
    return x < 1e-9 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
  }
}
