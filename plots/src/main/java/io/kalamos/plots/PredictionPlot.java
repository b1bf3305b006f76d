package io.kalamos.plots;

import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/// Images with what was predicted for them: class and probability, where it is wrong in red, in a
/// red frame and with the true class.
record PredictionPlot(
    Pixels images,
    Classes labels,
    Classes predictions,
    List<String> names,
    List<Integer> shown,
    PredictionGrid grid) {
  private static final int SIDE = 84;
  private static final int GAP = 12;
  private static final int MARGIN = 20;
  private static final int HEADING = 48;
  private static final int CAPTION = 36;
  private static final Font BOLD = Look.SMALL.deriveFont(Font.BOLD);
  private static final BasicStroke FRAME = new BasicStroke(3);

  static PredictionPlot of(Tensor images, Tensor labels, Tensor predictions, PredictionGrid grid) {
    var pixels = Pixels.of("Plots.predictions", images);
    var known = Classes.of("Plots.predictions", "labels", labels);
    var predicted = Classes.of("Plots.predictions", "predictions", predictions);
    var names = Classes.names("Plots.predictions", known, predicted, grid.classNames());
    if (known.samples() != pixels.count()) {
      throw Refusal.of(
          "Plots.predictions",
          "a label for each of " + pixels.count() + " images",
          "labels",
          known.samples(),
          "Give as many as there are images.");
    }
    var order = IntStream.range(0, pixels.count()).boxed();
    if (grid.errorsFirst()) {
      order =
          order.sorted(
              Comparator.comparingDouble(
                  i ->
                      known.classes()[i] == predicted.classes()[i]
                          ? 1
                          : -Math.max(0, predicted.probabilities()[i])));
    }
    return new PredictionPlot(
        pixels, known, predicted, names, order.limit(grid.most()).toList(), grid);
  }

  private boolean wrong(int i) {
    return labels.classes()[i] != predictions.classes()[i];
  }

  private int columns() {
    return Math.min(grid.columns(), shown.size());
  }

  /// `3 of 40 wrong`, and how many of them are shown.
  String heading() {
    long wrong = IntStream.range(0, labels.samples()).filter(this::wrong).count();
    var all = String.format(Locale.ROOT, "%,d of %,d wrong", wrong, labels.samples());
    return shown.size() == labels.samples()
        ? all
        : all + String.format(Locale.ROOT, ", %,d shown", shown.size());
  }

  Picture picture() {
    return Fonts.needed("Plots.predictions", this::measured);
  }

  /// Cells as wide as the widest caption, which long names need.
  private Picture measured() {
    double widest =
        shown.stream()
            .mapToDouble(
                i ->
                    Math.max(
                        Fonts.width(BOLD, caption(i)),
                        wrong(i) ? Fonts.width(Look.SMALL, truth(i)) : 0))
            .max()
            .orElseThrow();
    int cell = (int) Math.max(SIDE, Math.ceil(widest)) + GAP;
    int rows = (shown.size() + columns() - 1) / columns();
    int width = Math.max(columns() * cell - GAP, (int) Fonts.width(Look.PANEL_TITLE, heading()));
    return new Picture(
        width + 2 * MARGIN,
        HEADING + rows * (SIDE + CAPTION + GAP) + 4,
        graphics -> draw(graphics, cell));
  }

  private void draw(Graphics2D graphics, int cell) {
    graphics.setFont(Look.PANEL_TITLE);
    graphics.setColor(Look.TEXT);
    graphics.drawString(heading(), MARGIN, 30);
    for (int n = 0; n < shown.size(); n++) {
      double middle = MARGIN + n % columns() * cell + (cell - GAP) / 2.0;
      double top = HEADING + n / columns() * (double) (SIDE + CAPTION + GAP);
      drawCell(graphics, shown.get(n), middle, top);
    }
  }

  private void drawCell(Graphics2D graphics, int i, double middle, double top) {
    double left = middle - SIDE / 2.0;
    images.draw(graphics, i, left, top, SIDE);
    Color colour = wrong(i) ? Look.WRONG : Look.TEXT;
    graphics.setColor(colour);
    graphics.setFont(wrong(i) ? BOLD : Look.SMALL);
    Look.centred(graphics, caption(i), middle, top + SIDE + 16);
    if (wrong(i)) {
      graphics.setStroke(FRAME);
      graphics.draw(new Rectangle2D.Double(left - 0.5, top - 0.5, SIDE + 1, SIDE + 1));
      graphics.setFont(Look.SMALL);
      Look.centred(graphics, truth(i), middle, top + SIDE + 31);
    }
  }

  /// `7 99.8%`, or the class alone.
  private String caption(int i) {
    double probability = predictions.probabilities()[i];
    var name = names.get(predictions.classes()[i]);
    return Double.isNaN(probability) ? name : name + "  " + percent(probability);
  }

  private String truth(int i) {
    return "is " + names.get(labels.classes()[i]);
  }

  /// Never rounded up to certainty.
  private static String percent(double probability) {
    double percent = 100 * probability;
    if (percent > 99.9 && percent < 100) {
      return ">99.9%";
    }
    return String.format(
        Locale.ROOT, percent < 99 || percent == 100 ? "%.0f%%" : "%.1f%%", percent);
  }
}
