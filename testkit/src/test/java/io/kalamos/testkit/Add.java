package io.kalamos.testkit;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.layers.Call;
import io.kalamos.layers.Layer;
import java.util.Optional;

/// A user's own layer: the sum of its inputs.
record Add(Optional<String> name) implements Layer {
  static Add of() {
    return new Add(Optional.empty());
  }

  @Override
  public Add named(String name) {
    return new Add(Optional.of(name));
  }

  @Override
  public boolean takesSeveral() {
    return true;
  }

  @Override
  public Node call(Call call, Node x) {
    return call.inputs().stream().reduce(Ops::add).orElseThrow();
  }
}
