package io.kalamos.initializers;

import io.kalamos.engine.Tensor;

/// The first values of a weight.
@FunctionalInterface
public interface Initializer {
  /// Writes every element; the same (seed, stream) and shape give the same bits.
  ///
  /// @param stream a number of its own for each weight of a model
  void fill(Tensor weight, long seed, int stream);
}
