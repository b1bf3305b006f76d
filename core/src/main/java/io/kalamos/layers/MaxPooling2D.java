package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import java.util.Optional;

/// The greatest value of each window: (batch, height, width, channels) becomes (batch, rows,
/// columns, channels).
///
/// Keras class `MaxPooling2D`.
public record MaxPooling2D(Optional<String> name, Pair poolSize, Pair strides, Padding padding)
    implements Layer {
  public MaxPooling2D {
    name.ifPresent(n -> Options.name("MaxPooling2D", n));
    poolSize.positive("MaxPooling2D", "poolSize");
    strides.positive("MaxPooling2D", "strides");
    Options.notCausal("MaxPooling2D", padding);
  }

  /// Windows of 2 x 2.
  public static MaxPooling2D of() {
    return of(2);
  }

  /// Windows of height and width `poolSize` that touch but do not overlap.
  public static MaxPooling2D of(int poolSize) {
    return of(poolSize, poolSize);
  }

  public static MaxPooling2D of(int height, int width) {
    Pair size = Pair.of(height, width);
    return new MaxPooling2D(Optional.empty(), size, size, Padding.VALID);
  }

  public MaxPooling2D strides(int both) {
    return strides(both, both);
  }

  public MaxPooling2D strides(int height, int width) {
    return new MaxPooling2D(name, poolSize, Pair.of(height, width), padding);
  }

  public MaxPooling2D padding(Padding padding) {
    return new MaxPooling2D(name, poolSize, strides, padding);
  }

  @Override
  public MaxPooling2D named(String name) {
    return new MaxPooling2D(Optional.of(name), poolSize, strides, padding);
  }

  @Override
  public Node call(Call call, Node x) {
    String todo = "Pool before flattening, or reshape to (height, width, channels) first.";
    return Ops.maxPool2d(x, Windows.over(call, x, poolSize, strides, Pair.of(1), padding, todo));
  }
}
