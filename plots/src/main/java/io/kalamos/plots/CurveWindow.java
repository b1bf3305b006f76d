package io.kalamos.plots;

import java.awt.Color;
import java.awt.Dimension;
import java.awt.Graphics;
import java.awt.Graphics2D;
import java.awt.GraphicsEnvironment;
import javax.swing.JFrame;
import javax.swing.JPanel;
import javax.swing.SwingUtilities;
import javax.swing.WindowConstants;

/// A window that shows the newest picture as large as it fits. It stays after training, until it is
/// closed.
final class CurveWindow extends JPanel implements LiveCurves.Screen {
  private static final long serialVersionUID = 1;

  private transient Picture picture;

  CurveWindow() {
    setBackground(Color.WHITE);
  }

  /// @throws java.awt.HeadlessException where there is no display
  static CurveWindow open() {
    var window = new CurveWindow();
    var frame = new JFrame("Kalamos");
    frame.setDefaultCloseOperation(WindowConstants.DISPOSE_ON_CLOSE);
    frame.setContentPane(window);
    return window;
  }

  @Override
  public void show(Picture newest) {
    SwingUtilities.invokeLater(
        () -> {
          boolean first = picture == null;
          picture = newest;
          if (first && SwingUtilities.getWindowAncestor(this) instanceof JFrame frame) {
            setPreferredSize(fitting(newest));
            frame.pack();
            frame.setLocationByPlatform(true);
            frame.setVisible(true);
          }
          repaint();
        });
  }

  /// The picture's size, or so much of it as the screen has room for.
  private static Dimension fitting(Picture picture) {
    var room = GraphicsEnvironment.getLocalGraphicsEnvironment().getMaximumWindowBounds().getSize();
    double scale =
        Math.min(
            1, Math.min(0.9 * room.width / picture.width(), 0.9 * room.height / picture.height()));
    return new Dimension((int) (picture.width() * scale), (int) (picture.height() * scale));
  }

  @Override
  protected void paintComponent(Graphics graphics) {
    super.paintComponent(graphics);
    if (picture != null) {
      double scale =
          Math.min(getWidth() / (double) picture.width(), getHeight() / (double) picture.height());
      var scaled = (Graphics2D) graphics.create();
      scaled.scale(scale, scale);
      picture.paint(scaled);
      scaled.dispose();
    }
  }
}
