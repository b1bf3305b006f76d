package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.Optional;

/// x where it is positive, alpha · (exp(x) - 1) elsewhere.
///
/// Keras class `ELU`.
public record ELU(Optional<String> name, double alpha) implements Layer {
  public ELU {
    name.ifPresent(n -> Options.name("ELU", n));
    Refusal.unlessFinite("ELU", "alpha", alpha, "Keras's default is 1.");
  }

  public static ELU of() {
    return new ELU(Optional.empty(), 1);
  }

  public static ELU of(double alpha) {
    return new ELU(Optional.empty(), alpha);
  }

  @Override
  public ELU named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public ELU alpha(double alpha) {
    return Vary.of(this, "alpha", alpha);
  }

  @Override
  public boolean passesMask() {
    return true;
  }

  @Override
  public Node call(Call call, Node x) {
    Node below = Ops.subtract(Ops.exp(Ops.minimum(x, 0)), 1);
    return Ops.select(Ops.greater(x, 0), x, Ops.multiply(below, alpha));
  }
}
