package io.kalamos.layers;

import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.UniformRandom;
import java.util.Optional;
import java.util.OptionalLong;

/// Zeroes a part of the numbers while training and scales the others by 1 / (1 - rate); otherwise
/// nothing.
///
/// Keras class `Dropout`.
///
/// @param rate the part that is zeroed
/// @param seed of the mask's random numbers; without it, the layer's place in the model decides
public record Dropout(Optional<String> name, double rate, OptionalLong seed) implements Layer {
  /// Streams of layers with a seed lie above those that models give.
  private static final int SEEDED = 1 << 30;

  public Dropout {
    name.ifPresent(n -> Options.name("Dropout", n));
    Options.fraction("Dropout", "rate", rate);
  }

  public static Dropout of(double rate) {
    return new Dropout(Optional.empty(), rate, OptionalLong.empty());
  }

  public Dropout seed(long seed) {
    return new Dropout(name, rate, OptionalLong.of(seed));
  }

  @Override
  public Dropout named(String name) {
    return new Dropout(Optional.of(name), rate, seed);
  }

  @Override
  public boolean passesMask() {
    return true;
  }

  @Override
  public Node call(Call call, Node x) {
    if (!call.training() || rate == 0) {
      return x;
    }
    int stream = seed.isPresent() ? SEEDED | Long.hashCode(seed.getAsLong()) : call.stream();
    // bfloat16 numbers are too coarse to meet the rate.
    DType noise = x.dtype() == DType.BFLOAT16 ? DType.FLOAT32 : x.dtype();
    Node uniform = Node.of(new UniformRandom(stream, x.shape(), noise));
    Node kept = Ops.cast(Ops.greaterEqual(uniform, rate), x.dtype());
    return Ops.select(kept, Ops.multiply(x, 1 / (1 - rate)), Ops.like(x, 0));
  }
}
