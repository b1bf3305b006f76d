package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import java.util.Optional;

/// The mean of each channel: (batch, height, width, channels) becomes (batch, channels), or (batch,
/// 1, 1, channels) with `keepDims`.
///
/// Keras class `GlobalAveragePooling2D`.
public record GlobalAveragePooling2D(Optional<String> name, boolean keepDims) implements Layer {
  public GlobalAveragePooling2D {
    name.ifPresent(n -> Options.name("GlobalAveragePooling2D", n));
  }

  public static GlobalAveragePooling2D of() {
    return new GlobalAveragePooling2D(Optional.empty(), false);
  }

  public GlobalAveragePooling2D keepDims(boolean keepDims) {
    return new GlobalAveragePooling2D(name, keepDims);
  }

  @Override
  public GlobalAveragePooling2D named(String name) {
    return new GlobalAveragePooling2D(Optional.of(name), keepDims);
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
    Node mean = Ops.mean(x, 1, 2);
    return keepDims ? mean : Ops.reshape(mean, Shape.of(shape.dim(0), shape.dim(3)));
  }
}
