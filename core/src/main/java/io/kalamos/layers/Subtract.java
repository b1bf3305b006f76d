package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.options.Vary;
import java.util.List;
import java.util.Optional;

/// The first input minus the second, element by element; sizes of 1 repeat, and inputs with fewer
/// axes repeat behind the batch.
///
/// A time step counts where it counts in one of the inputs. Keras class `Subtract`.
public record Subtract(Optional<String> name) implements Layer {
  public Subtract {
    name.ifPresent(n -> Options.name("Subtract", n));
  }

  public static Subtract of() {
    return new Subtract(Optional.empty());
  }

  @Override
  public Subtract named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  @Override
  public boolean takesSeveral() {
    return true;
  }

  @Override
  public Node call(Call call, Node x) {
    List<Node> two = Merging.two(call, Merging.aligned(call));
    return Ops.subtract(two.get(0), two.get(1));
  }
}
