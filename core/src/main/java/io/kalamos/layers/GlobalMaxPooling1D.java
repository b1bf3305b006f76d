package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.options.Vary;
import java.util.Optional;

/// The greatest value of each channel: (batch, steps, channels) becomes (batch, channels), or
/// (batch, 1, channels) with `keepdims`.
///
/// Keras class `GlobalMaxPooling1D`.
public record GlobalMaxPooling1D(Optional<String> name, boolean keepdims) implements Layer {
  public GlobalMaxPooling1D {
    name.ifPresent(n -> Options.name("GlobalMaxPooling1D", n));
  }

  public static GlobalMaxPooling1D of() {
    return new GlobalMaxPooling1D(Optional.empty(), false);
  }

  @Override
  public GlobalMaxPooling1D named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public GlobalMaxPooling1D keepdims(boolean keepdims) {
    return Vary.of(this, "keepdims", keepdims);
  }

  @Override
  public Node call(Call call, Node x) {
    Shape shape = x.shape();
    if (shape.rank() != 3) {
      throw call.rejects(
          "sequences (batch, steps, channels)",
          shape,
          "Pool before flattening, or reshape to (steps, channels) first.");
    }
    Node y = Ops.max(x, 1);
    return keepdims ? y : Ops.reshape(y, Shape.of(shape.dim(0), shape.dim(2)));
  }
}
