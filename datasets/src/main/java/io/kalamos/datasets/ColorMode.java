package io.kalamos.datasets;

/// How many numbers a pixel has.
public enum ColorMode {
  /// One: the luma 0.299 R + 0.587 G + 0.114 B of coloured pictures.
  GRAYSCALE(1),
  /// Red, green and blue.
  RGB(3);

  private final int channels;

  ColorMode(int channels) {
    this.channels = channels;
  }

  public int channels() {
    return channels;
  }
}
