package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.options.Vary;
import java.util.Optional;

/// The product of its inputs, element by element; sizes of 1 repeat, and inputs with fewer axes
/// repeat behind the batch. Time steps that do not count in an input count as 1 there, and as 0 in
/// the result where they count in none.
///
/// A time step counts where it counts in one of the inputs. Keras class `Multiply`.
public record Multiply(Optional<String> name) implements Layer {
  public Multiply {
    name.ifPresent(n -> Options.name("Multiply", n));
  }

  public static Multiply of() {
    return new Multiply(Optional.empty());
  }

  @Override
  public Multiply named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  @Override
  public boolean takesSeveral() {
    return true;
  }

  @Override
  public Node call(Call call, Node x) {
    return Merging.product(call, Merging.aligned(call));
  }
}
