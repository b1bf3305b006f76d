package io.kalamos.layers;

import io.kalamos.engine.Node;
import io.kalamos.engine.Shape;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.Optional;

/// Pictures of another size: (batch, any height, any width, channels) becomes (batch, height,
/// width, channels).
///
/// Keras class `Resizing`.
///
/// @param cropToAspectRatio whether what does not fit the new proportions is cut off instead of
///   squeezed
/// @param padToAspectRatio whether `fillValue` around the picture gives it the new proportions
public record Resizing(
    Optional<String> name,
    int height,
    int width,
    Interpolation interpolation,
    boolean cropToAspectRatio,
    boolean padToAspectRatio,
    double fillValue)
    implements Layer {
  public Resizing {
    name.ifPresent(n -> Options.name("Resizing", n));
    Options.positive("Resizing", "height", height);
    Options.positive("Resizing", "width", width);
    Refusal.unlessFinite("Resizing", "fillValue", fillValue, "Keras's default is 0.");
    if (cropToAspectRatio && padToAspectRatio) {
      throw Refusal.of(
          "Resizing",
          "no padToAspectRatio beside cropToAspectRatio",
          "padToAspectRatio",
          padToAspectRatio,
          "Use one of the two.");
    }
  }

  public static Resizing of(int height, int width) {
    return new Resizing(Optional.empty(), height, width, Interpolation.BILINEAR, false, false, 0);
  }

  @Override
  public Resizing named(String name) {
    return Vary.of(this, "name", Optional.of(name));
  }

  public Resizing interpolation(Interpolation interpolation) {
    return Vary.of(this, "interpolation", interpolation);
  }

  public Resizing cropToAspectRatio(boolean cropToAspectRatio) {
    return Vary.of(this, "cropToAspectRatio", cropToAspectRatio);
  }

  public Resizing padToAspectRatio(boolean padToAspectRatio) {
    return Vary.of(this, "padToAspectRatio", padToAspectRatio);
  }

  public Resizing fillValue(double fillValue) {
    return Vary.of(this, "fillValue", fillValue);
  }

  @Override
  public Node call(Call call, Node x) {
    Shape shape = x.shape();
    if (shape.rank() != 4) {
      throw call.rejects(
          "pictures (batch, height, width, channels)", shape, "Reshape to pictures first.");
    }
    Node part = x;
    if (cropToAspectRatio) {
      part = Resampling.proportional(x, height, width);
    } else if (padToAspectRatio) {
      part = Resampling.padded(x, height, width, fillValue);
    }
    return Resampling.of(
        part,
        interpolation.places(part.shape().dim(1), height),
        interpolation.places(part.shape().dim(2), width));
  }
}
