package io.kalamos.layers;

import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.UniformRandom;
import io.kalamos.options.Refusal;
import java.util.Optional;
import java.util.OptionalLong;

/// Random numbers of layers, in float32 where bfloat16 would be too coarse to meet a rate.
final class Noise {
  /// Streams of layers with a seed lie above those that models give.
  private static final int SEEDED = 1 << 30;

  /// How far the second stream of a layer with a seed lies from its first.
  private static final int SECOND = 0x15A4E35;

  private Noise() {}

  /// Checks the shape of a mask, whose open sizes are those of the input.
  static void sizes(String where, Shape shape) {
    for (int size : shape.toArray()) {
      if (size == 0) {
        throw Refusal.of(
            where,
            "sizes of 1 or more, or -1 for the input's own",
            "noiseShape",
            shape,
            "Give 1 for axes whose numbers share their fate.");
      }
    }
  }

  /// The shape of a mask for `x`, the same as that of `x` where nothing is said.
  static Shape shape(Call call, Node x, Optional<Shape> wanted) {
    Shape shape = x.shape();
    if (wanted.isEmpty()) {
      return shape;
    }
    Shape noise = wanted.get();
    boolean fits = noise.rank() == shape.rank();
    for (int axis = 0; fits && axis < shape.rank(); axis++) {
      if (noise.dim(axis) == Shape.OPEN) {
        noise = noise.with(axis, shape.dim(axis));
      }
      fits = noise.dim(axis) == 1 || noise.dim(axis) == shape.dim(axis);
    }
    if (!fits) {
      throw call.rejects(
          "an input to which noiseShape=" + wanted.get() + " repeats",
          shape,
          "Give 1 or -1 for each axis, the batch included.");
    }
    return noise;
  }

  /// `x` with a part of it zeroed and the rest scaled.
  static Node dropped(Call call, OptionalLong seed, Node x, double rate, Shape noise) {
    Node kept = kept(call, seed, x, rate, noise);
    return Ops.select(kept, Ops.multiply(x, 1 / (1 - rate)), Ops.like(x, 0));
  }

  /// 1 for what stays and 0 for a part of `rate`.
  static Node kept(Call call, OptionalLong seed, Node x, double rate, Shape noise) {
    Node uniform = uniform(call, seed, 0, noise, type(x));
    return Ops.cast(Ops.greaterEqual(uniform, rate), x.dtype());
  }

  /// Normal numbers of mean 0 and deviation 1, by the method of Box and Muller.
  static Node normal(Call call, OptionalLong seed, Node x) {
    Node first = uniform(call, seed, 0, x.shape(), type(x));
    Node second = uniform(call, seed, SECOND, x.shape(), type(x));
    Node radius = Ops.sqrt(Ops.multiply(Ops.log(Ops.subtract(1, first)), -2));
    Node angle = Ops.multiply(second, 2 * Math.PI);
    return Ops.cast(Ops.multiply(radius, Ops.cos(angle)), x.dtype());
  }

  private static DType type(Node x) {
    return x.dtype() == DType.BFLOAT16 ? DType.FLOAT32 : x.dtype();
  }

  private static Node uniform(Call call, OptionalLong seed, int other, Shape shape, DType type) {
    int stream =
        seed.isPresent() ? SEEDED | (Long.hashCode(seed.getAsLong()) ^ other) : call.stream();
    return Node.of(new UniformRandom(stream, shape, type));
  }
}
