package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.options.Vary;
import java.util.Optional;

/// The greatest value of each channel: (batch, height, width, channels) becomes (batch, channels),
/// or (batch, 1, 1, channels) with `keepdims`.
///
/// Keras class `GlobalMaxPooling2D`.
public record GlobalMaxPooling2D(Optional<String> name, boolean keepdims) implements Layer {
  public GlobalMaxPooling2D {
    name.ifPresent(n -> Options.name("GlobalMaxPooling2D", n));
  }

  public static GlobalMaxPooling2D of() {
    return new GlobalMaxPooling2D(Optional.empty(), false);
  }

  @Override
  public GlobalMaxPooling2D named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public GlobalMaxPooling2D keepdims(boolean keepdims) {
    return Vary.of(this, "keepdims", keepdims);
  }

  @Override
  public Node call(Call call, Node x) {
    Shape shape = x.shape();
    if (shape.rank() != 4) {
      throw call.rejects(
          "pictures (batch, height, width, channels)",
          shape,
          "Pool before flattening, or reshape to (height, width, channels) first.");
    }
    Node y = Ops.max(x, 1, 2);
    return keepdims ? y : Ops.reshape(y, Shape.of(shape.dim(0), shape.dim(3)));
  }
}
