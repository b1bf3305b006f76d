package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.options.Vary;
import java.util.Optional;

/// The sum of its inputs, element by element; sizes of 1 repeat, and inputs with fewer axes repeat
/// behind the batch.
///
/// A time step counts where it counts in one of the inputs. Keras class `Add`.
public record Add(Optional<String> name) implements Layer {
  public Add {
    name.ifPresent(n -> Options.name("Add", n));
  }

  public static Add of() {
    return new Add(Optional.empty());
  }

  @Override
  public Add named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  @Override
  public boolean takesSeveral() {
    return true;
  }

  @Override
  public Node call(Call call, Node x) {
    return Merging.aligned(call).stream().reduce(Ops::add).orElseThrow();
  }
}
