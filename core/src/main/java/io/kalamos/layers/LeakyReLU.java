package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.Optional;

/// x where it is not negative, negativeSlope · x elsewhere.
///
/// Keras class `LeakyReLU`.
public record LeakyReLU(Optional<String> name, double negativeSlope) implements Layer {
  public LeakyReLU {
    name.ifPresent(n -> Options.name("LeakyReLU", n));
    Refusal.unlessNotNegative(
        "LeakyReLU", "negativeSlope", negativeSlope, "Keras's default is 0.3.");
  }

  public static LeakyReLU of() {
    return new LeakyReLU(Optional.empty(), 0.3);
  }

  public static LeakyReLU of(double negativeSlope) {
    return new LeakyReLU(Optional.empty(), negativeSlope);
  }

  @Override
  public LeakyReLU named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public LeakyReLU negativeSlope(double negativeSlope) {
    return Vary.of(this, "negativeSlope", negativeSlope);
  }

  @Override
  public boolean passesMask() {
    return true;
  }

  @Override
  public Node call(Call call, Node x) {
    return Ops.select(Ops.greaterEqual(x, 0), x, Ops.multiply(x, negativeSlope));
  }
}
