package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.options.Vary;
import java.util.Optional;
import java.util.OptionalLong;

/// Sets a part of the numbers to the lower bound of SELU while training and moves all so that mean
/// 0 and variance 1 stay; otherwise nothing. For networks with SELU.
///
/// Keras class `AlphaDropout`; Klambauer et al., Self-Normalizing Neural Networks, 2017.
public record AlphaDropout(
    Optional<String> name, double rate, Optional<Shape> noiseShape, OptionalLong seed)
    implements Layer {
  /// What SELU gives for inputs far below 0.
  private static final double BOUND = -1.6732632423543772 * 1.0507009873554805;

  public AlphaDropout {
    name.ifPresent(n -> Options.name("AlphaDropout", n));
    Options.fraction("AlphaDropout", "rate", rate);
    noiseShape.ifPresent(shape -> Noise.sizes("AlphaDropout", shape));
  }

  public static AlphaDropout of(double rate) {
    return new AlphaDropout(Optional.empty(), rate, Optional.empty(), OptionalLong.empty());
  }

  @Override
  public AlphaDropout named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public AlphaDropout noiseShape(int... sizes) {
    return Vary.of(this, "noiseShape", Optional.of(Shape.of(sizes)));
  }

  public AlphaDropout seed(long seed) {
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
    double scale = 1 / Math.sqrt((1 - rate) * (1 + rate * BOUND * BOUND));
    Node kept = Noise.kept(call, seed, x, rate, shared);
    Node y = Ops.select(kept, x, Ops.like(x, BOUND));
    return Ops.add(Ops.multiply(y, scale), -scale * BOUND * rate);
  }
}
