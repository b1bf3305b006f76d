package io.kalamos.datasets;

import io.kalamos.engine.DType;
import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;
import java.lang.foreign.ValueLayout;
import java.util.random.RandomGenerator;

/// Moves, turns, zooms and shears an image by random amounts in one step, so that no value is
/// rounded twice: each pixel of the result is read, bilinearly, where the inverse of the mapping
/// says; what lies outside is 0.
///
///     images.map(seed, (element, random) -> element.input(warp.apply(element.input(), random)))
///
/// Images are uint8 of shape (height, width) or (height, width, 1), and keep their shape. Each amount
/// is drawn evenly from minus to plus its most.
///
/// @param shift most pixels in each direction
/// @param rotation most degrees around the centre
/// @param zoom most part by which each axis grows or shrinks, drawn for each axis
/// @param shear most pixels by which a row moves for each row above or below the centre
public record RandomWarp(double shift, double rotation, double zoom, double shear) {
  public RandomWarp {
    check("shift", shift, Double.MAX_VALUE);
    check("rotation", rotation, 180);
    check("zoom", zoom, 0.99);
    check("shear", shear, Double.MAX_VALUE);
  }

  /// For handwritten digits: 2 pixels, 10 degrees, a tenth, a tenth.
  public static RandomWarp of() {
    return new RandomWarp(2, 10, 0.1, 0.1);
  }

  private static void check(String name, double value, double most) {
    if (!(value >= 0 && value <= most)) {
      throw Refusal.of(
          "RandomWarp",
          name + " from 0" + (most == Double.MAX_VALUE ? "" : " to " + most),
          name,
          value,
          "Use 0 for none.");
    }
  }

  /// A warped copy of an image.
  public Tensor apply(Tensor image, RandomGenerator random) {
    boolean grey =
        image.dtype() == DType.UINT8
            && (image.shape().rank() == 2
                || image.shape().rank() == 3 && image.shape().dim(2) == 1);
    if (!grey) {
      throw Refusal.of(
          "RandomWarp",
          "an image uint8(height, width) or uint8(height, width, 1)",
          "image",
          image,
          "Warp images one by one, before they are batched or scaled.");
    }
    int height = image.shape().dim(0);
    int width = image.shape().dim(1);
    byte[] from = image.memory().toArray(ValueLayout.JAVA_BYTE);
    byte[] warped = Inverse.draw(this, random).apply(from, height, width);
    return Tensor.of(warped, image.shape().toArray());
  }

  private static double draw(double most, RandomGenerator random) {
    return (2 * random.nextDouble() - 1) * most;
  }

  /// Where a pixel of the result, seen from the centre, comes from: (xx x + xy y + x0, yx x + yy y
  /// + y0).
  private record Inverse(double xx, double xy, double x0, double yx, double yy, double y0) {
    /// The inverse of: shear, zoom, turn, shift.
    static Inverse draw(RandomWarp warp, RandomGenerator random) {
      double x = RandomWarp.draw(warp.shift, random);
      double y = RandomWarp.draw(warp.shift, random);
      double angle = Math.toRadians(RandomWarp.draw(warp.rotation, random));
      double zoomX = 1 / (1 + RandomWarp.draw(warp.zoom, random));
      double zoomY = 1 / (1 + RandomWarp.draw(warp.zoom, random));
      double shear = RandomWarp.draw(warp.shear, random);
      double cos = Math.cos(angle);
      double sin = Math.sin(angle);
      double yx = -sin * zoomY;
      double yy = cos * zoomY;
      double xx = cos * zoomX - shear * yx;
      double xy = sin * zoomX - shear * yy;
      return new Inverse(xx, xy, -(xx * x + xy * y), yx, yy, -(yx * x + yy * y));
    }

    byte[] apply(byte[] from, int height, int width) {
      byte[] into = new byte[from.length];
      double centreX = (width - 1) / 2.0;
      double centreY = (height - 1) / 2.0;
      for (int row = 0; row < height; row++) {
        for (int column = 0; column < width; column++) {
          double x = xx * (column - centreX) + xy * (row - centreY) + x0 + centreX;
          double y = yx * (column - centreX) + yy * (row - centreY) + y0 + centreY;
          into[row * width + column] = (byte) Math.round(between(from, height, width, x, y));
        }
      }
      return into;
    }

    private static double between(byte[] from, int height, int width, double x, double y) {
      int left = (int) Math.floor(x);
      int top = (int) Math.floor(y);
      if (left < -1 || top < -1 || left >= width || top >= height) {
        return 0;
      }
      double right = x - left;
      double below = y - top;
      double upper =
          (1 - right) * pixel(from, height, width, left, top)
              + right * pixel(from, height, width, left + 1, top);
      double lower =
          (1 - right) * pixel(from, height, width, left, top + 1)
              + right * pixel(from, height, width, left + 1, top + 1);
      return (1 - below) * upper + below * lower;
    }

    private static int pixel(byte[] from, int height, int width, int x, int y) {
      boolean inside = x >= 0 && y >= 0 && x < width && y < height;
      return inside ? Byte.toUnsignedInt(from[y * width + x]) : 0;
    }
  }
}
