package io.kalamos.plots;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;

/// Colours and fonts of all pictures: blue and vermilion of the Okabe-Ito palette, which people
/// with any colour vision tell apart, dark text on white.
final class Look {
  static final Color TRAIN = new Color(0x0072B2);
  static final Color VALIDATION = new Color(0xD55E00);
  static final Color BEST = new Color(0x5F5F5F);
  static final Color WRONG = new Color(0xC4320A);
  static final Color TEXT = new Color(0x222222);
  static final Color GRID = new Color(0xE4E4E4);
  static final Color QUIET = new Color(0x6A6A6A);
  static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 17);
  static final Font PANEL_TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 15);
  static final Font LABEL = new Font(Font.SANS_SERIF, Font.PLAIN, 14);
  static final Font TICK = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
  static final Font SMALL = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
  static final BasicStroke HAIRLINE = new BasicStroke(1);

  private Look() {}

  /// Writes a text whose middle is at x.
  static void centred(Graphics2D graphics, String text, double x, double baseline) {
    double width = graphics.getFontMetrics().getStringBounds(text, graphics).getWidth();
    graphics.drawString(text, (float) (x - width / 2), (float) baseline);
  }

  /// Writes a text that ends at x.
  static void right(Graphics2D graphics, String text, double x, double baseline) {
    double width = graphics.getFontMetrics().getStringBounds(text, graphics).getWidth();
    graphics.drawString(text, (float) (x - width), (float) baseline);
  }

  /// A colour between two, 0 the first and 1 the second.
  static Color between(Color from, Color to, double part) {
    return new Color(
        (int) Math.round(from.getRed() + part * (to.getRed() - from.getRed())),
        (int) Math.round(from.getGreen() + part * (to.getGreen() - from.getGreen())),
        (int) Math.round(from.getBlue() + part * (to.getBlue() - from.getBlue())));
  }
}
