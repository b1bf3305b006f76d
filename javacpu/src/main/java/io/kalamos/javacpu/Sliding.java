package io.kalamos.javacpu;

import io.kalamos.engine.Shape;
import io.kalamos.engine.Window;

/// A window that slides over pictures (batch, height, width, channels) and tells, for each place,
/// which of its taps lie inside the picture.
final class Sliding {
  private final Window window;
  private final int height;
  private final int width;
  private final int outputHeight;
  private final int outputWidth;
  final int channels;
  final int images;

  /// The taps inside the picture at the current place, row by row, and the pixels below them: the
  /// index of a pixel or a place counts all images, row by row, without the channels.
  final int[] taps;

  final int[] pixels;

  /// One for each part of a kernel, since a place is kept in it.
  static Sliding[] each(Window window, Shape input, int parts) {
    Sliding[] slidings = new Sliding[parts];
    for (int part = 0; part < parts; part++) {
      slidings[part] = new Sliding(window, input);
    }
    return slidings;
  }

  Sliding(Window window, Shape input) {
    this.window = window;
    this.images = input.dim(0);
    this.height = input.dim(1);
    this.width = input.dim(2);
    this.channels = input.dim(3);
    this.outputHeight = window.outputHeight(height);
    this.outputWidth = window.outputWidth(width);
    this.taps = new int[window.height() * window.width()];
    this.pixels = new int[taps.length];
  }

  /// Places in one image.
  int places() {
    return outputHeight * outputWidth;
  }

  /// Moves to a place; the number of taps inside the picture.
  int move(int place) {
    int x = place % outputWidth;
    int y = place / outputWidth % outputHeight;
    int image = place / places();
    int count = 0;
    for (int i = 0; i < window.height(); i++) {
      int row = y * window.strideHeight() - window.top() + i * window.dilationHeight();
      if (row < 0 || row >= height) {
        continue;
      }
      for (int j = 0; j < window.width(); j++) {
        int column = x * window.strideWidth() - window.left() + j * window.dilationWidth();
        if (column >= 0 && column < width) {
          taps[count] = i * window.width() + j;
          pixels[count++] = (image * height + row) * width + column;
        }
      }
    }
    return count;
  }

  int pixelsPerImage() {
    return height * width;
  }
}
