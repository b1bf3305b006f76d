package io.kalamos.layers;

import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.UniformRandom;
import java.util.OptionalLong;

/// What dropout multiplies with: 0 for the part `rate` of the places, 1 / (1 - rate) for the
/// others.
final class RandomMask {
  /// Streams of layers with a seed lie above those that models give.
  private static final int SEEDED = 1 << 30;

  private RandomMask() {}

  static Node of(Call call, Shape shape, double rate, OptionalLong seed, DType type) {
    int stream = seed.isPresent() ? SEEDED | Long.hashCode(seed.getAsLong()) : call.stream();
    // bfloat16 numbers are too coarse to meet the rate.
    DType noise = type == DType.BFLOAT16 ? DType.FLOAT32 : type;
    Node uniform = Node.of(new UniformRandom(stream, shape, noise));
    Node kept = Ops.cast(Ops.greaterEqual(uniform, rate), type);
    return Ops.multiply(kept, 1 / (1 - rate));
  }
}
