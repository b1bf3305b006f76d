package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Window;
import io.kalamos.options.Vary;
import java.util.Optional;

/// The greatest value of each window: (batch, steps, channels) becomes (batch, fewer steps,
/// channels).
///
/// Keras class `MaxPooling1D`.
public record MaxPooling1D(Optional<String> name, int poolSize, int strides, Padding padding)
    implements Layer {
  public MaxPooling1D {
    name.ifPresent(n -> Options.name("MaxPooling1D", n));
    Options.positive("MaxPooling1D", "poolSize", poolSize);
    Options.positive("MaxPooling1D", "strides", strides);
    Options.notCausal("MaxPooling1D", padding);
  }

  /// Windows of two steps.
  public static MaxPooling1D of() {
    return of(2);
  }

  /// Windows of `poolSize` steps that touch but do not overlap.
  public static MaxPooling1D of(int poolSize) {
    return new MaxPooling1D(Optional.empty(), poolSize, poolSize, Padding.VALID);
  }

  @Override
  public MaxPooling1D named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public MaxPooling1D strides(int strides) {
    return Vary.of(this, "strides", strides);
  }

  public MaxPooling1D padding(Padding padding) {
    return Vary.of(this, "padding", padding);
  }

  @Override
  public Node call(Call call, Node x) {
    String todo = "Pool before flattening, or reshape to (steps, channels) first.";
    Window window = Windows.along(call, x, poolSize, strides, 1, padding, todo);
    return Windows.steps(Ops.maxPool2d(Windows.pictures(x), window));
  }
}
