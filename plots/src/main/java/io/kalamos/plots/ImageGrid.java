package io.kalamos.plots;

import io.kalamos.engine.Tensor;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

/// Grey images in rows of equal cells, each magnified by a whole number so that pixels stay
/// squares.
record ImageGrid(Tensor images, List<String> captions) {
  private static final int CELL = 224;
  private static final int GAP = 16;
  private static final int CAPTION = 26;
  private static final int MOST_COLUMNS = 5;

  static ImageGrid of(Tensor images, List<String> captions) {
    var shape = images.shape();
    boolean grey = shape.rank() == 3 || (shape.rank() == 4 && shape.dim(3) == 1);
    if (!grey || shape.dim(0) == 0) {
      throw new IllegalArgumentException(
          "Plots.images: expected images of shape (n, height, width) or (n, height, width, 1) with"
              + " n >= 1, received images="
              + images
              + ". Reshape them.");
    }
    if (!captions.isEmpty() && captions.size() != shape.dim(0)) {
      throw new IllegalArgumentException(
          "Plots.images: expected a caption for each of "
              + shape.dim(0)
              + " images or none, received captions="
              + captions.size()
              + ". Give as many as there are images.");
    }
    return new ImageGrid(images, List.copyOf(captions));
  }

  private int count() {
    return images.shape().dim(0);
  }

  private int columns() {
    return Math.min(count(), MOST_COLUMNS);
  }

  private int cellWidth() {
    return CELL + GAP;
  }

  private int cellHeight() {
    return CELL + GAP + (captions.isEmpty() ? 0 : CAPTION);
  }

  Picture picture() {
    int rows = (count() + columns() - 1) / columns();
    return new Picture(columns() * cellWidth() + GAP, rows * cellHeight() + GAP, this::draw);
  }

  private void draw(Graphics2D graphics) {
    graphics.setFont(Look.LABEL);
    for (int i = 0; i < count(); i++) {
      int left = GAP + i % columns() * cellWidth();
      int top = GAP + i / columns() * cellHeight();
      drawImage(graphics, i, left, top);
      if (!captions.isEmpty()) {
        var text = captions.get(i);
        graphics.setColor(Look.TEXT);
        int width = graphics.getFontMetrics().stringWidth(text);
        graphics.drawString(text, left + (CELL - width) / 2, top + CELL + 20);
      }
    }
  }

  /// Draws image `i` centred in a black square of CELL points, a rectangle for each run of equal
  /// pixels in a row.
  private void drawImage(Graphics2D graphics, int i, int left, int top) {
    int height = images.shape().dim(1);
    int width = images.shape().dim(2);
    double scale = CELL / (double) Math.max(height, width);
    double pixel = scale >= 1 ? Math.floor(scale) : scale;
    graphics.setColor(Color.BLACK);
    graphics.fillRect(left, top, CELL, CELL);
    double x0 = left + (CELL - width * pixel) / 2;
    double y0 = top + (CELL - height * pixel) / 2;
    long first = (long) i * height * width;
    double white = brightest(first, height * width);
    for (int y = 0; y < height; y++) {
      int from = 0;
      while (from < width) {
        int grey = grey(first + (long) y * width + from, white);
        int to = from + 1;
        while (to < width && grey(first + (long) y * width + to, white) == grey) {
          to++;
        }
        if (grey > 0) {
          graphics.setColor(new Color(grey, grey, grey));
          graphics.fill(
              new Rectangle2D.Double(
                  x0 + from * pixel, y0 + y * pixel, (to - from) * pixel, pixel));
        }
        from = to;
      }
    }
  }

  private int grey(long position, double white) {
    return Math.clamp(Math.round(255 * images.get(position) / white), 0, 255);
  }

  private double brightest(long first, int pixels) {
    double brightest = 0;
    for (int p = 0; p < pixels; p++) {
      brightest = Math.max(brightest, images.get(first + p));
    }
    return brightest > 0 ? brightest : 1;
  }
}
