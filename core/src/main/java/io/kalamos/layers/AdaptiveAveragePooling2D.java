package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Shape;
import io.kalamos.options.Vary;
import java.util.Optional;

/// The mean of each of height · width parts of a picture, which overlap where they do not divide
/// it: (batch, any height, any width, channels) becomes (batch, height, width, channels).
///
/// Keras class `AdaptiveAveragePooling2D`.
public record AdaptiveAveragePooling2D(Optional<String> name, Pair outputSize) implements Layer {
  public AdaptiveAveragePooling2D {
    name.ifPresent(n -> Options.name("AdaptiveAveragePooling2D", n));
    outputSize.positive("AdaptiveAveragePooling2D", "outputSize");
  }

  public static AdaptiveAveragePooling2D of(int both) {
    return of(both, both);
  }

  public static AdaptiveAveragePooling2D of(int height, int width) {
    return new AdaptiveAveragePooling2D(Optional.empty(), Pair.of(height, width));
  }

  @Override
  public AdaptiveAveragePooling2D named(String name) {
    return Vary.of(this, "name", Optional.of(name));
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
    int height = shape.dim(1);
    int width = shape.dim(2);
    return Resampling.of(
        x,
        Resampling.means(height, outputSize.height()),
        Resampling.means(width, outputSize.width()));
  }
}
