package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.options.Vary;
import java.util.Optional;
import java.util.OptionalLong;

/// Multiplies by normal noise of mean 1 and variance rate / (1 - rate) while training; otherwise
/// nothing.
///
/// Keras class `GaussianDropout`.
public record GaussianDropout(Optional<String> name, double rate, OptionalLong seed)
    implements Layer {
  public GaussianDropout {
    name.ifPresent(n -> Options.name("GaussianDropout", n));
    Options.fraction("GaussianDropout", "rate", rate);
  }

  public static GaussianDropout of(double rate) {
    return new GaussianDropout(Optional.empty(), rate, OptionalLong.empty());
  }

  @Override
  public GaussianDropout named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public GaussianDropout seed(long seed) {
    return Vary.of(this, "seed", OptionalLong.of(seed));
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
    Node noise = Ops.multiply(Noise.normal(call, seed, x), Math.sqrt(rate / (1 - rate)));
    return Ops.multiply(x, Ops.add(noise, 1));
  }
}
