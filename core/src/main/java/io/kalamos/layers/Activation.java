package io.kalamos.layers;

import io.kalamos.engine.Node;
import java.util.Optional;

/// An activation as a layer of its own, such as one behind a batch normalisation; the shape stays.
///
/// Keras class `Activation`.
public record Activation(
    Optional<String> name, io.kalamos.activations.ActivationFunction activation) implements Layer {
  public Activation {
    name.ifPresent(n -> Options.name("Activation", n));
  }

  public static Activation of(io.kalamos.activations.ActivationFunction activation) {
    return new Activation(Optional.empty(), activation);
  }

  @Override
  public Activation named(String name) {
    return new Activation(Optional.of(name), activation);
  }

  @Override
  public boolean passesMask() {
    return true;
  }

  @Override
  public Node call(Call call, Node x) {
    return Precise.apply(activation, x);
  }
}
