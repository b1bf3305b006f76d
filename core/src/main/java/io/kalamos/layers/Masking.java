package io.kalamos.layers;

import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.options.Vary;
import java.util.Optional;

/// Time steps of which all features are `maskValue` do not count in the layers behind, and are
/// zeros from here on: (batch, time, features) stays.
///
/// Keras class `Masking`.
public record Masking(Optional<String> name, double maskValue) implements Layer {
  public Masking {
    name.ifPresent(n -> Options.name("Masking", n));
  }

  public static Masking of() {
    return of(0);
  }

  public static Masking of(double maskValue) {
    return new Masking(Optional.empty(), maskValue);
  }

  @Override
  public Masking named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  @Override
  public Node call(Call call, Node x) {
    Shape shape = x.shape();
    if (shape.rank() != 3) {
      throw call.rejects(
          "sequences (batch, time, features)", shape, "Give each sample an axis of time steps.");
    }
    Node counts = Ops.maxLast(Ops.notEqual(x, Ops.like(x, maskValue)));
    Shape steps = Shape.of(shape.dim(0), shape.dim(1));
    call.mask(Ops.cast(Ops.reshape(counts, steps), DType.FLOAT32));
    return Ops.select(Ops.broadcastTo(counts, shape), x, Ops.like(x, 0));
  }
}
