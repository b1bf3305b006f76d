package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.options.Vary;
import java.util.Optional;

/// Each sample n times as steps: (batch, features) becomes (batch, n, features).
///
/// Keras class `RepeatVector`.
public record RepeatVector(Optional<String> name, int n) implements Layer {
  public RepeatVector {
    name.ifPresent(given -> Options.name("RepeatVector", given));
    Options.positive("RepeatVector", "n", n);
  }

  public static RepeatVector of(int n) {
    return new RepeatVector(Optional.empty(), n);
  }

  @Override
  public RepeatVector named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  @Override
  public Node call(Call call, Node x) {
    Shape shape = x.shape();
    if (shape.rank() != 2) {
      throw call.rejects("(batch, features)", shape, "Flatten the samples first.");
    }
    Node one = Ops.reshape(x, Shape.of(shape.dim(0), 1, shape.dim(1)));
    return Ops.broadcastTo(one, Shape.of(shape.dim(0), n, shape.dim(1)));
  }
}
