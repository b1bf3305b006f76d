package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Shape;
import io.kalamos.options.Vary;
import java.util.Optional;
import java.util.OptionalLong;

/// Zeroes a part of the numbers while training and scales the others by 1 / (1 - rate); otherwise
/// nothing.
///
/// Keras class `Dropout`.
///
/// @param rate the part that is zeroed
/// @param noiseShape the shape of the mask, where numbers are to share their fate: 1 for axes along
///   which they do, -1 for the input's own size
/// @param seed of the mask's random numbers; without it, the layer's place in the model decides
public record Dropout(
    Optional<String> name, double rate, Optional<Shape> noiseShape, OptionalLong seed)
    implements Layer {
  public Dropout {
    name.ifPresent(n -> Options.name("Dropout", n));
    Options.fraction("Dropout", "rate", rate);
    noiseShape.ifPresent(shape -> Noise.sizes("Dropout", shape));
  }

  public static Dropout of(double rate) {
    return new Dropout(Optional.empty(), rate, Optional.empty(), OptionalLong.empty());
  }

  @Override
  public Dropout named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public Dropout noiseShape(int... sizes) {
    return Vary.of(this, "noiseShape", Optional.of(Shape.of(sizes)));
  }

  public Dropout seed(long seed) {
    return Vary.of(this, "seed", OptionalLong.of(seed));
  }

  @Override
  public boolean passesMask() {
    return true;
  }

  @Override
  public Node call(Call call, Node x) {
    Shape shared = Noise.shape(call, x, noiseShape);
    if (!call.training() || rate == 0) {
      return x;
    }
    return Noise.dropped(call, seed, x, rate, shared);
  }
}
