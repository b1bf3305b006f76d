package io.kalamos.plots;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;

/// A row of panels, one for the loss and one for each metric, over a common best epoch.
record LearningCurves(String title, List<CurvePanel> panels) {
  private static final int PANEL_WIDTH = 600;
  private static final int PANEL_HEIGHT = 400;
  private static final int TITLE_HEIGHT = 38;
  private static final int LEGEND_HEIGHT = 34;
  private static final int HEADING_HEIGHT = 26;

  static LearningCurves of(String title, SequencedMap<String, ? extends List<Double>> history) {
    var names = history.keySet().stream().filter(name -> !name.startsWith("val_")).toList();
    if (names.isEmpty() || history.values().stream().allMatch(List::isEmpty)) {
      throw new IllegalArgumentException(
          "Plots.learningCurves: expected a history with at least one epoch, received history="
              + history
              + ". Train with fit before drawing.");
    }
    int best = bestEpoch(history);
    return new LearningCurves(
        title,
        names.stream()
            .map(
                name ->
                    new CurvePanel(
                        name,
                        history.get(name),
                        history.containsKey("val_" + name) ? history.get("val_" + name) : List.of(),
                        best))
            .toList());
  }

  /// The epoch, from 1, of the least validation loss, or training loss; 0 where there is none.
  private static int bestEpoch(SequencedMap<String, ? extends List<Double>> history) {
    List<Double> losses =
        history.containsKey("val_loss")
            ? history.get("val_loss")
            : history.containsKey("loss") ? history.get("loss") : List.of();
    int best = 0;
    for (int epoch = 1; epoch <= losses.size(); epoch++) {
      double loss = losses.get(epoch - 1);
      if (Double.isFinite(loss) && (best == 0 || loss < losses.get(best - 1))) {
        best = epoch;
      }
    }
    return best;
  }

  Picture picture() {
    return new Picture(PANEL_WIDTH * panels.size(), top() + PANEL_HEIGHT, this::draw);
  }

  private int top() {
    return (title.isEmpty() ? 12 : TITLE_HEIGHT) + LEGEND_HEIGHT + HEADING_HEIGHT;
  }

  private void draw(Graphics2D graphics) {
    double middle = PANEL_WIDTH * panels.size() / 2.0;
    graphics.setColor(Look.TEXT);
    graphics.setFont(Look.TITLE);
    Look.centred(graphics, title, middle, TITLE_HEIGHT - 8);
    drawLegend(graphics, middle, top() - HEADING_HEIGHT - 12);
    for (int i = 0; i < panels.size(); i++) {
      graphics.setColor(Look.TEXT);
      graphics.setFont(Look.PANEL_TITLE);
      Look.centred(graphics, panels.get(i).heading(), (i + 0.5) * PANEL_WIDTH, top() - 6);
      var panel = (Graphics2D) graphics.create();
      panel.translate(i * PANEL_WIDTH, top());
      panels.get(i).chart(PANEL_WIDTH, PANEL_HEIGHT).paint(panel, PANEL_WIDTH, PANEL_HEIGHT);
      panel.dispose();
    }
  }

  private void drawLegend(Graphics2D graphics, double middle, int baseline) {
    graphics.setFont(Look.LABEL);
    boolean validated = panels.stream().anyMatch(panel -> !panel.validation().isEmpty());
    var marks = new ArrayList<>(List.of(new Mark("training", Look.TRAIN, CurvePanel.DASHED)));
    if (validated) {
      marks.add(new Mark("validation", Look.VALIDATION, CurvePanel.SOLID));
    }
    if (panels.getFirst().best() > 0) {
      var loss = validated ? "least validation loss" : "least loss";
      marks.add(new Mark(loss, Look.BEST, null));
    }
    var metrics = graphics.getFontMetrics();
    int width = marks.stream().mapToInt(mark -> metrics.stringWidth(mark.text()) + 72).sum() - 24;
    double x = middle - width / 2.0;
    for (var mark : marks) {
      mark.draw(graphics, x, baseline);
      x += metrics.stringWidth(mark.text()) + 72;
    }
  }

  /// An entry of the legend: a piece of the line, or a diamond where there is no stroke.
  private record Mark(String text, Color color, BasicStroke stroke) {
    void draw(Graphics2D graphics, double x, int baseline) {
      graphics.setColor(color);
      if (stroke == null) {
        var diamond = new Path2D.Double();
        diamond.moveTo(x + 22, baseline - 11);
        diamond.lineTo(x + 28, baseline - 5);
        diamond.lineTo(x + 22, baseline + 1);
        diamond.lineTo(x + 16, baseline - 5);
        diamond.closePath();
        graphics.fill(diamond);
      } else {
        graphics.setStroke(stroke);
        graphics.draw(new Line2D.Double(x, baseline - 5, x + 32, baseline - 5));
      }
      graphics.setColor(Look.TEXT);
      graphics.drawString(text, (float) x + 40, baseline);
    }
  }
}
