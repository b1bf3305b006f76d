package io.kalamos.datasets;

/// How pictures get another size, under Keras's names and with its numbers (pixels are squares
/// whose centres lie at halves, nothing is smoothed before).
public enum Resampling {
  /// Between the two nearest pixels.
  BILINEAR,
  /// The nearest pixel.
  NEAREST,
  /// The mean of the pixels that are covered: best where pictures get much smaller.
  AREA;

  /// Which pixels of a line make one of another length, and with which weights.
  record Taps(int[] first, float[][] weights) {}

  Taps taps(int from, int to) {
    int[] first = new int[to];
    float[][] weights = new float[to][];
    double scale = (double) from / to;
    for (int i = 0; i < to; i++) {
      switch (this) {
        case NEAREST -> {
          first[i] = Math.min(from - 1, (int) Math.floor((i + 0.5) * scale));
          weights[i] = new float[] {1};
        }
        case BILINEAR -> {
          double at = (i + 0.5) * scale - 0.5;
          int low = (int) Math.floor(at);
          float part = (float) (at - low);
          boolean edge = low < 0 || low + 1 >= from;
          first[i] = Math.clamp(low, 0, from - 1);
          weights[i] = edge ? new float[] {1} : new float[] {1 - part, part};
        }
        case AREA -> {
          first[i] = (int) Math.floor(i * scale);
          int end = Math.min(from, (int) Math.ceil((i + 1) * scale - 1e-9));
          weights[i] = new float[end - first[i]];
          for (int j = 0; j < weights[i].length; j++) {
            double low = Math.max(first[i] + j, i * scale);
            double high = Math.min(first[i] + j + 1, (i + 1) * scale);
            weights[i][j] = (float) ((high - low) / scale);
          }
        }
      }
    }
    return new Taps(first, weights);
  }

  /// Pixels row by row, channels last, in another size.
  float[] resize(float[] pixels, int height, int width, int channels, int toHeight, int toWidth) {
    if (height == toHeight && width == toWidth) {
      return pixels;
    }
    Taps across = taps(width, toWidth);
    float[] narrow = new float[height * toWidth * channels];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < toWidth; x++) {
        for (int tap = 0; tap < across.weights()[x].length; tap++) {
          int from = (y * width + across.first()[x] + tap) * channels;
          int to = (y * toWidth + x) * channels;
          for (int c = 0; c < channels; c++) {
            narrow[to + c] += across.weights()[x][tap] * pixels[from + c];
          }
        }
      }
    }
    Taps down = taps(height, toHeight);
    int line = toWidth * channels;
    float[] result = new float[toHeight * line];
    for (int y = 0; y < toHeight; y++) {
      for (int tap = 0; tap < down.weights()[y].length; tap++) {
        int from = (down.first()[y] + tap) * line;
        for (int i = 0; i < line; i++) {
          result[y * line + i] += down.weights()[y][tap] * narrow[from + i];
        }
      }
    }
    return result;
  }
}
