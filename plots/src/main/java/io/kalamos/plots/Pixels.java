package io.kalamos.plots;

import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;

/// Images of shape (n, height, width), (n, height, width, 1) or, in colour, (n, height, width, 3);
/// each is drawn centred in a black square, pixels as squares where it is magnified. In each image
/// 0 is black and its largest value white.
record Pixels(Tensor images) {
  static Pixels of(String where, Tensor images) {
    var shape = images.shape();
    boolean fits =
        shape.rank() == 3 || shape.rank() == 4 && (shape.dim(3) == 1 || shape.dim(3) == 3);
    if (!fits || shape.dim(0) == 0) {
      throw Refusal.of(
          where,
          "images of shape (n, height, width), (n, height, width, 1) or (n, height, width, 3) with"
              + " n >= 1",
          "images",
          images,
          "Reshape them.");
    }
    return new Pixels(images);
  }

  int count() {
    return images.shape().dim(0);
  }

  private int channels() {
    return images.shape().rank() == 4 ? images.shape().dim(3) : 1;
  }

  /// Draws image `i` into a square of `side` points, a rectangle for each run of equal pixels in a
  /// row.
  void draw(Graphics2D graphics, int i, double left, double top, int side) {
    int height = images.shape().dim(1);
    int width = images.shape().dim(2);
    double scale = side / (double) Math.max(height, width);
    double pixel = scale >= 1 ? Math.floor(scale) : scale;
    graphics.setColor(Color.BLACK);
    graphics.fill(new Rectangle2D.Double(left, top, side, side));
    double x0 = left + (side - width * pixel) / 2;
    double y0 = top + (side - height * pixel) / 2;
    long first = (long) i * height * width;
    double white = brightest(first, height * width);
    for (int y = 0; y < height; y++) {
      int from = 0;
      while (from < width) {
        int colour = colour(first + (long) y * width + from, white);
        int to = from + 1;
        while (to < width && colour(first + (long) y * width + to, white) == colour) {
          to++;
        }
        if (colour != 0) {
          graphics.setColor(new Color(colour));
          graphics.fill(
              new Rectangle2D.Double(
                  x0 + from * pixel, y0 + y * pixel, (to - from) * pixel, pixel));
        }
        from = to;
      }
    }
  }

  private int colour(long pixel, double white) {
    int red = level(pixel * channels(), white);
    return channels() == 1
        ? red * 0x010101
        : red << 16 | level(pixel * 3 + 1, white) << 8 | level(pixel * 3 + 2, white);
  }

  private int level(long position, double white) {
    return Math.clamp(Math.round(255 * images.get(position) / white), 0, 255);
  }

  private double brightest(long first, int pixels) {
    double brightest = 0;
    for (long p = first * channels(); p < (first + pixels) * channels(); p++) {
      brightest = Math.max(brightest, images.get(p));
    }
    return brightest > 0 ? brightest : 1;
  }
}
