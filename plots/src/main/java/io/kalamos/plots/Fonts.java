package io.kalamos.plots;

import java.awt.Font;
import java.awt.font.FontRenderContext;
import java.util.function.Supplier;

/// Sizes of text before there is a drawing, and a word where Java finds no font at all.
///
/// A fresh machine without desktop may have no font; Java then fails in the middle of a drawing
/// with an error that says little.
final class Fonts {
  private static final FontRenderContext FINE = new FontRenderContext(null, true, true);

  private Fonts() {}

  /// The width of a text in points.
  static double width(Font font, String text) {
    return font.getStringBounds(text, FINE).getWidth();
  }

  /// Does work that writes text.
  ///
  /// @throws IllegalStateException where it fails for want of a font
  static <T> T needed(String where, Supplier<T> work) {
    try {
      return work.get();
    } catch (RuntimeException | Error problem) {
      if (available()) {
        throw problem;
      }
      throw missing(where, problem);
    }
  }

  static IllegalStateException missing(String where, Throwable problem) {
    return new IllegalStateException(
        where
            + ": expected at least one font to write labels with, received fonts=none. Install one,"
            + " on Debian and Ubuntu with apt-get install fontconfig fonts-dejavu-core.",
        problem);
  }

  private static boolean available() {
    try {
      return width(Look.LABEL, "0") > 0;
    } catch (RuntimeException | Error problem) {
      return false;
    }
  }
}
