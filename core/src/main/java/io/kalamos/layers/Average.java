package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.options.Vary;
import java.util.List;
import java.util.Optional;

/// The mean of its inputs, element by element; sizes of 1 repeat, and inputs with fewer axes repeat
/// behind the batch.
///
/// A time step counts where it counts in one of the inputs. Keras class `Average`.
public record Average(Optional<String> name) implements Layer {
  public Average {
    name.ifPresent(n -> Options.name("Average", n));
  }

  public static Average of() {
    return new Average(Optional.empty());
  }

  @Override
  public Average named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  @Override
  public boolean takesSeveral() {
    return true;
  }

  @Override
  public Node call(Call call, Node x) {
    List<Node> inputs = Merging.aligned(call);
    return Ops.divide(inputs.stream().reduce(Ops::add).orElseThrow(), inputs.size());
  }
}
