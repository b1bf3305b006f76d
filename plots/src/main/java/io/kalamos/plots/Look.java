package io.kalamos.plots;

import java.awt.Color;
import java.awt.Font;

/// Colours and fonts of all pictures: blue and vermilion of the Okabe-Ito palette, which people
/// with any colour vision tell apart, dark text on white.
final class Look {
  static final Color TRAIN = new Color(0x0072B2);
  static final Color VALIDATION = new Color(0xD55E00);
  static final Color BEST = new Color(0x5F5F5F);
  static final Color TEXT = new Color(0x222222);
  static final Color GRID = new Color(0xE4E4E4);
  static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 17);
  static final Font PANEL_TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 15);
  static final Font LABEL = new Font(Font.SANS_SERIF, Font.PLAIN, 14);
  static final Font TICK = new Font(Font.SANS_SERIF, Font.PLAIN, 13);

  private Look() {}
}
