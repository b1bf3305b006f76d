package io.kalamos.plots;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Stroke;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.function.Consumer;

/// Two axes under a heading, and marks by the axes' values.
final class Plane {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 460;
  private static final int LEFT = 84;
  private static final int RIGHT = 28;
  private static final int TOP = 46;
  private static final int BOTTOM = 60;

  private final Graphics2D graphics;
  private final Axis x;
  private final Axis y;

  private Plane(Graphics2D graphics, Axis x, Axis y) {
    this.graphics = graphics;
    this.x = x;
    this.y = y;
  }

  static Picture picture(String heading, Axis x, Axis y, Consumer<Plane> marks) {
    return new Picture(
        WIDTH,
        HEIGHT,
        graphics -> {
          var plane = new Plane(graphics, x, y);
          plane.drawAxes();
          graphics.setColor(Look.TEXT);
          graphics.setFont(Look.PANEL_TITLE);
          Look.centred(graphics, heading, WIDTH / 2.0, 26);
          marks.accept(plane);
        });
  }

  private double left(double value) {
    return LEFT + x.place(value) * (WIDTH - LEFT - RIGHT);
  }

  private double top(double value) {
    return HEIGHT - BOTTOM - y.place(value) * (HEIGHT - TOP - BOTTOM);
  }

  private void drawAxes() {
    graphics.setFont(Look.TICK);
    graphics.setStroke(Look.HAIRLINE);
    for (double tick : y.ticks(7)) {
      graphics.setColor(Look.GRID);
      graphics.draw(new Line2D.Double(LEFT, top(tick), WIDTH - RIGHT, top(tick)));
      graphics.setColor(Look.TEXT);
      Look.right(graphics, y.label(tick, 7), LEFT - 9, top(tick) + 4.5);
    }
    for (double tick : x.ticks(9)) {
      graphics.setColor(Look.BEST);
      graphics.draw(
          new Line2D.Double(left(tick), HEIGHT - BOTTOM, left(tick), HEIGHT - BOTTOM + 5));
      graphics.setColor(Look.TEXT);
      Look.centred(graphics, x.label(tick, 9), left(tick), HEIGHT - BOTTOM + 21);
    }
    graphics.setColor(Look.BEST);
    graphics.draw(new Line2D.Double(LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM));
    graphics.setColor(Look.TEXT);
    graphics.setFont(Look.LABEL);
    Look.centred(graphics, x.title(), (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 16);
    var sideways = (Graphics2D) graphics.create();
    sideways.transform(
        AffineTransform.getQuadrantRotateInstance(-1, 20, (TOP + HEIGHT - BOTTOM) / 2.0));
    Look.centred(sideways, y.title(), 20, (TOP + HEIGHT - BOTTOM) / 2.0);
    sideways.dispose();
  }

  /// A line through points, cut off where it leaves the axes.
  void line(double[] xs, double[] ys, Color colour, Stroke stroke) {
    var path = new Path2D.Double();
    for (int i = 0; i < xs.length; i++) {
      if (i == 0) {
        path.moveTo(left(xs[i]), top(ys[i]));
      } else {
        path.lineTo(left(xs[i]), top(ys[i]));
      }
    }
    var inside = (Graphics2D) graphics.create();
    inside.clip(
        new Rectangle2D.Double(LEFT, TOP - 2, WIDTH - LEFT - RIGHT + 2, HEIGHT - TOP - BOTTOM + 4));
    inside.setColor(colour);
    inside.setStroke(stroke);
    inside.draw(path);
    inside.dispose();
  }

  void horizontal(double value, Color colour, Stroke stroke) {
    line(new double[] {x.least(), x.most()}, new double[] {value, value}, colour, stroke);
  }

  void vertical(double value, Color colour, Stroke stroke) {
    line(new double[] {value, value}, new double[] {y.least(), y.most()}, colour, stroke);
  }

  void dot(double atX, double atY, double radius, Color colour) {
    graphics.setColor(colour);
    graphics.fill(
        new Ellipse2D.Double(left(atX) - radius, top(atY) - radius, 2 * radius, 2 * radius));
  }

  /// A bar between two values of y, with short ends.
  void bar(double atX, double from, double to, Color colour) {
    graphics.setColor(colour);
    graphics.setStroke(Look.HAIRLINE);
    double middle = left(atX);
    graphics.draw(new Line2D.Double(middle, top(from), middle, top(to)));
    graphics.draw(new Line2D.Double(middle - 4, top(from), middle + 4, top(from)));
    graphics.draw(new Line2D.Double(middle - 4, top(to), middle + 4, top(to)));
  }

  /// A text at the right, so many lines above the axis of x.
  void note(int line, String text) {
    graphics.setFont(Look.LABEL);
    graphics.setColor(Look.WRONG);
    Look.right(graphics, text, WIDTH - RIGHT, HEIGHT - BOTTOM + 8 - line * 22);
  }
}
