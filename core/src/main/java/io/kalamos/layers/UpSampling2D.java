package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.options.Vary;
import java.util.Optional;

/// Each pixel size times: (batch, height, width, channels) becomes (batch, height · size, width ·
/// size, channels).
///
/// Keras class `UpSampling2D`.
///
/// @param interpolation NEAREST repeats pixels, the others draw values in between
public record UpSampling2D(Optional<String> name, Pair size, Interpolation interpolation)
    implements Layer {
  public UpSampling2D {
    name.ifPresent(n -> Options.name("UpSampling2D", n));
    size.positive("UpSampling2D", "size");
  }

  /// Twice as high and wide.
  public static UpSampling2D of() {
    return of(2);
  }

  public static UpSampling2D of(int both) {
    return of(both, both);
  }

  public static UpSampling2D of(int height, int width) {
    return new UpSampling2D(Optional.empty(), Pair.of(height, width), Interpolation.NEAREST);
  }

  @Override
  public UpSampling2D named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public UpSampling2D interpolation(Interpolation interpolation) {
    return Vary.of(this, "interpolation", interpolation);
  }

  @Override
  public Node call(Call call, Node x) {
    Shape shape = x.shape();
    if (shape.rank() != 4) {
      throw call.rejects(
          "pictures (batch, height, width, channels)", shape, "Reshape to pictures first.");
    }
    int height = shape.dim(1) * size.height();
    int width = shape.dim(2) * size.width();
    if (interpolation == Interpolation.NEAREST) {
      return repeated(x, shape, height, width);
    }
    return Resampling.of(
        x, interpolation.places(shape.dim(1), height), interpolation.places(shape.dim(2), width));
  }

  /// Along the width first, then along the height, in one pass each.
  private Node repeated(Node x, Shape shape, int height, int width) {
    int batch = shape.dim(0);
    int rows = shape.dim(1);
    int channels = shape.dim(3);
    Node pixels = Ops.reshape(x, Shape.of(batch, rows * shape.dim(2), 1, channels));
    Node wide = Ops.broadcastTo(pixels, pixels.shape().with(2, size.width()));
    Node lines = Ops.reshape(wide, Shape.of(batch, rows, 1, width * channels));
    Node high = Ops.broadcastTo(lines, lines.shape().with(2, size.height()));
    return Ops.reshape(high, Shape.of(batch, height, width, channels));
  }
}
