package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import java.util.Optional;

/// The mean of each window; padding does not count: (batch, height, width, channels) becomes
/// (batch, rows, columns, channels).
///
/// Keras class `AveragePooling2D`.
public record AveragePooling2D(Optional<String> name, Pair poolSize, Pair strides, Padding padding)
    implements Layer {
  public AveragePooling2D {
    name.ifPresent(n -> Options.name("AveragePooling2D", n));
    poolSize.positive("AveragePooling2D", "poolSize");
    strides.positive("AveragePooling2D", "strides");
    Options.notCausal("AveragePooling2D", padding);
  }

  /// Windows of height and width `poolSize` that touch but do not overlap.
  public static AveragePooling2D of(int poolSize) {
    return of(poolSize, poolSize);
  }

  public static AveragePooling2D of(int height, int width) {
    Pair size = Pair.of(height, width);
    return new AveragePooling2D(Optional.empty(), size, size, Padding.VALID);
  }

  public AveragePooling2D strides(int both) {
    return strides(both, both);
  }

  public AveragePooling2D strides(int height, int width) {
    return new AveragePooling2D(name, poolSize, Pair.of(height, width), padding);
  }

  public AveragePooling2D padding(Padding padding) {
    return new AveragePooling2D(name, poolSize, strides, padding);
  }

  @Override
  public AveragePooling2D named(String name) {
    return new AveragePooling2D(Optional.of(name), poolSize, strides, padding);
  }

  @Override
  public Node call(Call call, Node x) {
    String todo = "Pool before flattening, or reshape to (height, width, channels) first.";
    return Ops.averagePool2d(
        x, Windows.over(call, x, poolSize, strides, Pair.of(1), padding, todo));
  }
}
