package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import java.util.Optional;

/// x · scale + offset: `Rescaling.of(1 / 255f)` maps pixels to 0 .. 1.
///
/// Keras class `Rescaling`.
public record Rescaling(Optional<String> name, double scale, double offset) implements Layer {
  public Rescaling {
    name.ifPresent(n -> Options.name("Rescaling", n));
  }

  public static Rescaling of(double scale) {
    return new Rescaling(Optional.empty(), scale, 0);
  }

  public Rescaling offset(double offset) {
    return new Rescaling(name, scale, offset);
  }

  @Override
  public Rescaling named(String name) {
    return new Rescaling(Optional.of(name), scale, offset);
  }

  @Override
  public boolean passesMask() {
    return true;
  }

  @Override
  public Node call(Call call, Node x) {
    Node scaled = Ops.multiply(x, scale);
    return offset == 0 ? scaled : Ops.add(scaled, offset);
  }
}
