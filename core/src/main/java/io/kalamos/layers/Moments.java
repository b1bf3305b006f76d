package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;

/// Means and variances of samples.
final class Moments {
  private Moments() {}

  /// (x - mean) / sqrt(variance + epsilon), mean and variance taken over the axes.
  static Node normalized(Node x, double epsilon, Integer... axes) {
    Node centered = Ops.subtract(x, Ops.mean(x, axes));
    Node variance = Ops.mean(Ops.square(centered), axes);
    return Ops.multiply(centered, Ops.rsqrt(Ops.add(variance, epsilon)));
  }
}
