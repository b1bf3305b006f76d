package io.kalamos.plots;

import io.kalamos.models.Model;
import io.kalamos.options.Refusal;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;

/// A bar for each layer that has weights, as long as its part of the largest layer's, with number
/// and part of all; grey is what training does not change.
record ParameterShare(List<Bar> bars, int without) {
  private static final int MARGIN = 24;
  private static final int HEADING = 62;
  private static final int ROW = 30;
  private static final int LONGEST = 380;

  /// A layer's weights, trainable and not.
  record Bar(String layer, long trainable, long other) {
    long all() {
      return trainable + other;
    }

    Bar plus(boolean trained, long more) {
      return trained
          ? new Bar(layer, trainable + more, other)
          : new Bar(layer, trainable, other + more);
    }
  }

  static ParameterShare of(Model model) {
    var bars = new LinkedHashMap<String, Bar>();
    model
        .weights()
        .forEach(
            (path, weight) -> {
              var layer = path.substring(0, path.indexOf('/'));
              var bar = bars.getOrDefault(layer, new Bar(layer, 0, 0));
              bars.put(layer, bar.plus(model.trainable(path), weight.size()));
            });
    if (bars.isEmpty()) {
      throw Refusal.of(
          "Plots.parameterShare",
          "a model with weights",
          "layers",
          model.layers().keySet(),
          "Add a layer that learns, such as Dense.");
    }
    return new ParameterShare(new ArrayList<>(bars.values()), model.layers().size() - bars.size());
  }

  private long total() {
    return bars.stream().mapToLong(Bar::all).sum();
  }

  private String heading() {
    return String.format(
        Locale.ROOT,
        total() == 1 ? "%,d parameter in %d layer%s" : "%,d parameters in %d layer%s",
        total(),
        bars.size(),
        bars.size() == 1 ? "" : "s");
  }

  private String below() {
    long other = bars.stream().mapToLong(Bar::other).sum();
    var frozen =
        other == 0 ? "" : String.format(Locale.ROOT, "%,d of them not trained (grey); ", other);
    return frozen + (without == 1 ? "1 layer has none" : without + " layers have none");
  }

  private static String number(Bar bar, long total) {
    double percent = 100.0 * bar.all() / total;
    return String.format(
        Locale.ROOT, percent < 0.1 ? "%,d  (<0.1%%)" : "%,d  (%.1f%%)", bar.all(), percent);
  }

  Picture picture() {
    return Fonts.needed("Plots.parameterShare", this::measured);
  }

  private Picture measured() {
    double names =
        bars.stream().mapToDouble(b -> Fonts.width(Look.LABEL, b.layer())).max().orElseThrow();
    double numbers =
        bars.stream()
            .mapToDouble(b -> Fonts.width(Look.TICK, number(b, total())))
            .max()
            .orElseThrow();
    int left = MARGIN + (int) Math.ceil(names) + 12;
    return new Picture(
        left + LONGEST + 10 + (int) Math.ceil(numbers) + MARGIN,
        HEADING + bars.size() * ROW + MARGIN - 6,
        graphics -> draw(graphics, left));
  }

  private void draw(Graphics2D graphics, int left) {
    graphics.setColor(Look.TEXT);
    graphics.setFont(Look.PANEL_TITLE);
    graphics.drawString(heading(), MARGIN, 28);
    graphics.setColor(Look.QUIET);
    graphics.setFont(Look.SMALL);
    graphics.drawString(below(), MARGIN, 46);
    double scale = LONGEST / (double) bars.stream().mapToLong(Bar::all).max().orElseThrow();
    for (int i = 0; i < bars.size(); i++) {
      var bar = bars.get(i);
      double top = HEADING + i * ROW + 4;
      double trained = bar.trainable() * scale;
      double all = Math.max(1, bar.all() * scale);
      graphics.setColor(Look.BEST);
      graphics.fill(new Rectangle2D.Double(left, top, all, ROW - 8));
      graphics.setColor(Look.TRAIN);
      double blue = bar.other() == 0 ? all : trained;
      graphics.fill(new Rectangle2D.Double(left, top, blue, ROW - 8));
      graphics.setColor(Look.TEXT);
      graphics.setFont(Look.LABEL);
      Look.right(graphics, bar.layer(), left - 12, top + 16);
      graphics.setFont(Look.TICK);
      graphics.drawString(number(bar, total()), (float) (left + all + 10), (float) (top + 16));
    }
  }
}
