package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.Optional;
import java.util.OptionalLong;

/// Adds normal noise of mean 0 while training; otherwise nothing.
///
/// Keras class `GaussianNoise`.
///
/// @param stddev from 0 to 1
public record GaussianNoise(Optional<String> name, double stddev, OptionalLong seed)
    implements Layer {
  public GaussianNoise {
    name.ifPresent(n -> Options.name("GaussianNoise", n));
    if (!(stddev >= 0 && stddev <= 1)) {
      throw Refusal.of(
          "GaussianNoise",
          "stddev from 0 to 1",
          "stddev",
          stddev,
          "Scale the data so that less noise is enough.");
    }
  }

  public static GaussianNoise of(double stddev) {
    return new GaussianNoise(Optional.empty(), stddev, OptionalLong.empty());
  }

  @Override
  public GaussianNoise named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public GaussianNoise seed(long seed) {
    return Vary.of(this, "seed", OptionalLong.of(seed));
  }

  @Override
  public boolean passesMask() {
    return true;
  }

  @Override
  public Node call(Call call, Node x) {
    if (!call.training() || stddev == 0) {
      return x;
    }
    return Ops.add(x, Ops.multiply(Noise.normal(call, seed, x), stddev));
  }
}
