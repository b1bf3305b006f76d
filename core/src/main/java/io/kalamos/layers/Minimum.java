package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.options.Vary;
import java.util.Optional;

/// The least of its inputs, element by element; sizes of 1 repeat, and inputs with fewer axes
/// repeat behind the batch. Time steps that do not count in an input do not take part.
///
/// A time step counts where it counts in one of the inputs. Keras class `Minimum`.
public record Minimum(Optional<String> name) implements Layer {
  public Minimum {
    name.ifPresent(n -> Options.name("Minimum", n));
  }

  public static Minimum of() {
    return new Minimum(Optional.empty());
  }

  @Override
  public Minimum named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  @Override
  public boolean takesSeveral() {
    return true;
  }

  @Override
  public Node call(Call call, Node x) {
    return Merging.ofSteps(call, Merging.aligned(call), Ops::minimum);
  }
}
