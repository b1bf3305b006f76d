package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Shape;
import io.kalamos.options.Vary;
import java.util.Optional;

/// The middle of pictures; where they are smaller, the largest middle part of the same proportions,
/// resized: (batch, any height, any width, channels) becomes (batch, height, width, channels).
///
/// Keras class `CenterCrop`.
public record CenterCrop(Optional<String> name, int height, int width) implements Layer {
  public CenterCrop {
    name.ifPresent(n -> Options.name("CenterCrop", n));
    Options.positive("CenterCrop", "height", height);
    Options.positive("CenterCrop", "width", width);
  }

  public static CenterCrop of(int height, int width) {
    return new CenterCrop(Optional.empty(), height, width);
  }

  @Override
  public CenterCrop named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  @Override
  public Node call(Call call, Node x) {
    Shape shape = x.shape();
    if (shape.rank() != 4) {
      throw call.rejects(
          "pictures (batch, height, width, channels)", shape, "Reshape to pictures first.");
    }
    if (shape.dim(1) >= height && shape.dim(2) >= width) {
      return Resampling.middle(x, height, width);
    }
    Node part = Resampling.proportional(x, height, width);
    return Resampling.of(
        part,
        Interpolation.BILINEAR.places(part.shape().dim(1), height),
        Interpolation.BILINEAR.places(part.shape().dim(2), width));
  }
}
