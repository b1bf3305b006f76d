package io.kalamos.testkit;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.initializers.RandomUniform;
import io.kalamos.layers.Call;
import io.kalamos.layers.Layer;
import io.kalamos.layers.WeightOptions;
import java.util.Optional;

/// x · factors, one for each number of a sample: makes gradients with respect to x visible as those
/// of a weight.
record Factors(Optional<String> name) implements Layer {
  @Override
  public Factors named(String name) {
    return new Factors(Optional.of(name));
  }

  @Override
  public Node call(Call call, Node x) {
    var shape = x.shape().slice(1, x.shape().rank());
    return Ops.multiply(
        x, call.weight("factors", shape, WeightOptions.of(RandomUniform.of(0.5, 1.5))));
  }
}
