package io.kalamos.layers;

import io.kalamos.activations.ActivationFunction;
import io.kalamos.activations.Activations;
import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;

/// Activations whose results need more bits than bfloat16 has.
final class Precise {
  private Precise() {}

  /// The activation; softmax and sigmoid of bfloat16 values are computed, and stay, in float32.
  static Node apply(ActivationFunction activation, Node x) {
    boolean probabilities = activation == Activations.SOFTMAX || activation == Activations.SIGMOID;
    boolean widen = probabilities && x.dtype() == DType.BFLOAT16;
    return activation.apply(widen ? Ops.cast(x, DType.FLOAT32) : x);
  }
}
