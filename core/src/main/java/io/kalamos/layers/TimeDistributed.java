package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.options.Vary;
import java.util.List;
import java.util.Optional;

/// A layer applied to each time step by itself, with the same weights: (batch, time, ...) becomes
/// (batch, time, ...) with the layer's result for each step.
///
/// Weights: those of the layer. Keras class `TimeDistributed`.
public record TimeDistributed(Optional<String> name, Layer layer) implements Layer {
  public TimeDistributed {
    name.ifPresent(n -> Options.name("TimeDistributed", n));
  }

  public static TimeDistributed of(Layer layer) {
    return new TimeDistributed(Optional.empty(), layer);
  }

  @Override
  public TimeDistributed named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  @Override
  public boolean passesMask() {
    return true;
  }

  @Override
  public Node call(Call call, Node x) {
    Shape shape = x.shape();
    if (shape.rank() < 3) {
      throw call.rejects(
          "sequences (batch, time, ...)", shape, "Give each sample an axis of time steps.");
    }
    int steps = shape.dim(0) * shape.dim(1);
    Node each = Ops.reshape(x, shape.slice(2, shape.rank()).prepend(steps));
    String inner = layer.name().orElseGet(layer::stem);
    Node y = call.inner(inner, layer, List.of(each), List.of()).getFirst();
    Shape rest = y.shape().slice(1, y.shape().rank());
    return Ops.reshape(y, rest.prepend(shape.dim(1)).prepend(shape.dim(0)));
  }
}
