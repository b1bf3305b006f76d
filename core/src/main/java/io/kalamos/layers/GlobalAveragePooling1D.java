package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.options.Vary;
import java.util.Optional;

/// The mean of each channel over the steps that count: (batch, steps, channels) becomes (batch,
/// channels), or (batch, 1, channels) with `keepdims`. The mask ends here.
///
/// Keras class `GlobalAveragePooling1D`.
public record GlobalAveragePooling1D(Optional<String> name, boolean keepdims) implements Layer {
  public GlobalAveragePooling1D {
    name.ifPresent(n -> Options.name("GlobalAveragePooling1D", n));
  }

  public static GlobalAveragePooling1D of() {
    return new GlobalAveragePooling1D(Optional.empty(), false);
  }

  @Override
  public GlobalAveragePooling1D named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public GlobalAveragePooling1D keepdims(boolean keepdims) {
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
    Node y = call.mask(0).map(mask -> masked(x, mask)).orElseGet(() -> Ops.mean(x, 1));
    return keepdims ? y : Ops.reshape(y, Shape.of(shape.dim(0), shape.dim(2)));
  }

  private static Node masked(Node x, Node mask) {
    Node counts = Ops.cast(Ops.reshape(mask, mask.shape().append(1)), x.dtype());
    Node kept = Ops.select(counts, x, Ops.like(x, 0));
    return Ops.divide(Ops.sum(kept, 1), Ops.sum(counts, 1));
  }
}
