package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Window;
import io.kalamos.options.Vary;
import java.util.Optional;

/// The mean of each window; padding does not count: (batch, steps, channels) becomes (batch, fewer
/// steps, channels).
///
/// Keras class `AveragePooling1D`.
public record AveragePooling1D(Optional<String> name, int poolSize, int strides, Padding padding)
    implements Layer {
  public AveragePooling1D {
    name.ifPresent(n -> Options.name("AveragePooling1D", n));
    Options.positive("AveragePooling1D", "poolSize", poolSize);
    Options.positive("AveragePooling1D", "strides", strides);
    Options.notCausal("AveragePooling1D", padding);
  }

  /// Windows of `poolSize` steps that touch but do not overlap.
  public static AveragePooling1D of(int poolSize) {
    return new AveragePooling1D(Optional.empty(), poolSize, poolSize, Padding.VALID);
  }

  @Override
  public AveragePooling1D named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public AveragePooling1D strides(int strides) {
    return Vary.of(this, "strides", strides);
  }

  public AveragePooling1D padding(Padding padding) {
    return Vary.of(this, "padding", padding);
  }

  @Override
  public Node call(Call call, Node x) {
    String todo = "Pool before flattening, or reshape to (steps, channels) first.";
    Window window = Windows.along(call, x, poolSize, strides, 1, padding, todo);
    return Windows.steps(Ops.averagePool2d(Windows.pictures(x), window));
  }
}
