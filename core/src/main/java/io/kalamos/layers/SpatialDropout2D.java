package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Shape;
import io.kalamos.options.Vary;
import java.util.Optional;
import java.util.OptionalLong;

/// Zeroes a part of the channels of pictures (batch, height, width, channels) while training, each
/// as a whole, and scales the others by 1 / (1 - rate).
///
/// Keras class `SpatialDropout2D`.
public record SpatialDropout2D(Optional<String> name, double rate, OptionalLong seed)
    implements Layer {
  public SpatialDropout2D {
    name.ifPresent(n -> Options.name("SpatialDropout2D", n));
    Options.fraction("SpatialDropout2D", "rate", rate);
  }

  public static SpatialDropout2D of(double rate) {
    return new SpatialDropout2D(Optional.empty(), rate, OptionalLong.empty());
  }

  @Override
  public SpatialDropout2D named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public SpatialDropout2D seed(long seed) {
    return Vary.of(this, "seed", OptionalLong.of(seed));
  }

  @Override
  public boolean passesMask() {
    return true;
  }

  @Override
  public Node call(Call call, Node x) {
    Shape shape = x.shape();
    if (shape.rank() != 4) {
      throw call.rejects(
          "pictures (batch, height, width, channels)", shape, "Reshape, or use Dropout.");
    }
    if (!call.training() || rate == 0) {
      return x;
    }
    return Noise.dropped(call, seed, x, rate, Shape.of(shape.dim(0), 1, 1, shape.dim(3)));
  }
}
