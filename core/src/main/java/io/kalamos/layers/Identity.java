package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.options.Vary;
import java.util.Optional;

/// Its input as it is.
///
/// Keras class `Identity`.
public record Identity(Optional<String> name) implements Layer {
  public Identity {
    name.ifPresent(n -> Options.name("Identity", n));
  }

  public static Identity of() {
    return new Identity(Optional.empty());
  }

  @Override
  public Identity named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  @Override
  public boolean passesMask() {
    return true;
  }

  @Override
  public Node call(Call call, Node x) {
    return x;
  }
}
