package io.kalamos.plots;

import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// How often each true class (row) was taken for each class (column). A cell is the darker, the
/// larger its part of the row, blue where it is right and vermilion where it is wrong; behind each
/// row stands how much of it is right.
record ConfusionMatrix(List<String> names, long[][] counts) {
  private static final int MOST_CLASSES = 100;
  private static final int MARGIN = 20;
  private static final int HEADING = 78;
  private static final int BAR = 90;

  static ConfusionMatrix of(Tensor labels, Tensor predictions, List<String> classNames) {
    var where = "Plots.confusionMatrix";
    var known = Classes.of(where, "labels", labels);
    var predicted = Classes.of(where, "predictions", predictions);
    var names = Classes.names(where, known, predicted, classNames);
    if (names.size() > MOST_CLASSES) {
      throw Refusal.of(
          where,
          "at most " + MOST_CLASSES + " classes",
          "classes",
          names.size(),
          "Join some of them, nobody could read it.");
    }
    var counts = new long[names.size()][names.size()];
    for (int i = 0; i < known.samples(); i++) {
      counts[known.classes()[i]][predicted.classes()[i]]++;
    }
    return new ConfusionMatrix(names, counts);
  }

  private int size() {
    return names.size();
  }

  private long row(int i) {
    return LongStream.of(counts[i]).sum();
  }

  private String heading() {
    long right = IntStream.range(0, size()).mapToLong(i -> counts[i][i]).sum();
    long all = IntStream.range(0, size()).mapToLong(this::row).sum();
    return String.format(
        Locale.ROOT, "%,d of %,d right: accuracy %.4f", right, all, right / (double) all);
  }

  Picture picture() {
    return Fonts.needed("Plots.confusionMatrix", this::measured);
  }

  private Picture measured() {
    int cell = Math.clamp(1100 / size(), 19, 54);
    var names = Look.TICK.deriveFont((float) Math.clamp(cell * 0.55, 10, 13));
    double widest = this.names.stream().mapToDouble(n -> Fonts.width(names, n)).max().orElseThrow();
    boolean sideways = widest > cell - 4;
    int left = MARGIN + 22 + (int) Math.ceil(widest) + 8;
    int top = HEADING + (sideways ? (int) Math.ceil(widest) : 12) + 8;
    int width = left + size() * cell + 14 + BAR + MARGIN;
    int title = (int) Fonts.width(Look.PANEL_TITLE, heading()) + 2 * MARGIN;
    return new Picture(
        Math.max(width, title),
        top + size() * cell + MARGIN,
        graphics -> new Drawing(graphics, cell, left, top, names, sideways).draw());
  }

  /// The drawing at a place.
  private final class Drawing {
    private final Graphics2D graphics;
    private final int cell;
    private final int left;
    private final int top;
    private final Font font;
    private final boolean sideways;

    Drawing(Graphics2D graphics, int cell, int left, int top, Font font, boolean sideways) {
      this.graphics = graphics;
      this.cell = cell;
      this.left = left;
      this.top = top;
      this.font = font;
      this.sideways = sideways;
    }

    void draw() {
      int side = size() * cell;
      graphics.setColor(Look.TEXT);
      graphics.setFont(Look.PANEL_TITLE);
      graphics.drawString(heading(), MARGIN, 30);
      graphics.setFont(Look.LABEL);
      Look.centred(graphics, "predicted", left + side / 2.0, HEADING - 12);
      upwards("true", MARGIN + 10, top + side / 2.0, true);
      graphics.setFont(Look.SMALL);
      graphics.drawString("right", left + side + 14, top - 8);
      var numbers = numberFont();
      for (int i = 0; i < size(); i++) {
        drawNames(i);
        for (int j = 0; j < size(); j++) {
          drawCell(i, j, numbers);
        }
        drawShare(i);
      }
      drawLines(side);
    }

    private void drawNames(int i) {
      graphics.setColor(Look.TEXT);
      graphics.setFont(font);
      double middle = (i + 0.5) * cell;
      double drop = font.getSize2D() * 0.36;
      Look.right(graphics, names.get(i), left - 8, top + middle + drop);
      if (sideways) {
        upwards(names.get(i), left + middle + drop, top - 8, false);
      } else {
        Look.centred(graphics, names.get(i), left + middle, top - 8);
      }
    }

    private void upwards(String text, double x, double y, boolean centred) {
      var turned = (Graphics2D) graphics.create();
      turned.transform(AffineTransform.getQuadrantRotateInstance(-1, x, y));
      if (centred) {
        Look.centred(turned, text, x, y);
      } else {
        turned.drawString(text, (float) x, (float) y);
      }
      turned.dispose();
    }

    /// So small that the largest number fits its cell.
    private Font numberFont() {
      double widest =
          IntStream.range(0, size())
              .boxed()
              .flatMap(i -> LongStream.of(counts[i]).mapToObj(Long::toString))
              .mapToDouble(text -> Fonts.width(Look.TICK, text))
              .max()
              .orElseThrow();
      double fitting = Look.TICK.getSize2D() * (cell - 3) / widest;
      return Look.TICK.deriveFont((float) Math.min(Look.TICK.getSize2D(), fitting));
    }

    /// The square root lets one error in a hundred be seen.
    private void drawCell(int i, int j, Font numbers) {
      long count = counts[i][j];
      if (count == 0) {
        return;
      }
      double part = Math.sqrt(count / (double) row(i));
      Color full = i == j ? Look.TRAIN : Look.VALIDATION;
      graphics.setColor(Look.between(Color.WHITE, full, 0.08 + 0.92 * part));
      graphics.fill(new Rectangle2D.Double(left + j * cell, top + i * cell, cell, cell));
      graphics.setColor(part > 0.6 ? Color.WHITE : Look.TEXT);
      graphics.setFont(numbers);
      Look.centred(
          graphics,
          Long.toString(count),
          left + (j + 0.5) * cell,
          top + (i + 0.5) * cell + numbers.getSize2D() * 0.36);
    }

    private void drawShare(int i) {
      double x = left + size() * cell + 14;
      double y = top + (i + 0.5) * cell;
      if (row(i) == 0) {
        graphics.setColor(Look.QUIET);
        graphics.setFont(font);
        graphics.drawString("none", (float) x, (float) (y + font.getSize2D() * 0.36));
        return;
      }
      double right = counts[i][i] / (double) row(i);
      double height = Math.min(cell * 0.5, 14);
      graphics.setColor(Look.GRID);
      graphics.fill(new Rectangle2D.Double(x, y - height / 2, BAR - 48, height));
      graphics.setColor(Look.TRAIN);
      graphics.fill(new Rectangle2D.Double(x, y - height / 2, (BAR - 48) * right, height));
      graphics.setColor(Look.TEXT);
      graphics.setFont(font);
      Look.right(
          graphics,
          String.format(Locale.ROOT, right == 1 ? "%.0f%%" : "%.1f%%", 100 * right),
          x + BAR,
          y + font.getSize2D() * 0.36);
    }

    private void drawLines(int side) {
      graphics.setColor(Look.GRID);
      graphics.setStroke(Look.HAIRLINE);
      for (int i = 0; i <= size(); i++) {
        graphics.draw(new Line2D.Double(left, top + i * cell, left + side, top + i * cell));
        graphics.draw(new Line2D.Double(left + i * cell, top, left + i * cell, top + side));
      }
    }
  }
}
