package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import java.util.Optional;

/// All numbers of a sample in one row: (batch, ...) becomes (batch, product of the rest).
///
/// Keras class `Flatten`.
public record Flatten(Optional<String> name) implements Layer {
  public Flatten {
    name.ifPresent(n -> Options.name("Flatten", n));
  }

  public static Flatten of() {
    return new Flatten(Optional.empty());
  }

  @Override
  public Flatten named(String name) {
    return new Flatten(Optional.of(name));
  }

  @Override
  public Node call(Call call, Node x) {
    return Ops.reshape(x, Shape.of(x.shape().dim(0), Math.toIntExact(x.shape().rowSize())));
  }
}
