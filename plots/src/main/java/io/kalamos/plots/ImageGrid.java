package io.kalamos.plots;

import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;
import java.awt.Graphics2D;
import java.util.List;

/// Images in rows of equal cells, each magnified by a whole number so that pixels stay squares.
record ImageGrid(Pixels images, List<String> captions) {
  private static final int CELL = 224;
  private static final int GAP = 16;
  private static final int CAPTION = 26;
  private static final int MOST_COLUMNS = 5;

  static ImageGrid of(Tensor images, List<String> captions) {
    var pixels = Pixels.of("Plots.images", images);
    if (!captions.isEmpty() && captions.size() != pixels.count()) {
      throw Refusal.of(
          "Plots.images",
          "a caption for each of " + pixels.count() + " images or none",
          "captions",
          captions.size(),
          "Give as many as there are images.");
    }
    return new ImageGrid(pixels, List.copyOf(captions));
  }

  private int count() {
    return images.count();
  }

  private int columns() {
    return Math.min(count(), MOST_COLUMNS);
  }

  private int cellWidth() {
    return CELL + GAP;
  }

  private int cellHeight() {
    return CELL + GAP + (captions.isEmpty() ? 0 : CAPTION);
  }

  Picture picture() {
    int rows = (count() + columns() - 1) / columns();
    return new Picture(columns() * cellWidth() + GAP, rows * cellHeight() + GAP, this::draw);
  }

  private void draw(Graphics2D graphics) {
    graphics.setFont(Look.LABEL);
    for (int i = 0; i < count(); i++) {
      int left = GAP + i % columns() * cellWidth();
      int top = GAP + i / columns() * cellHeight();
      images.draw(graphics, i, left, top, CELL);
      if (!captions.isEmpty()) {
        var text = captions.get(i);
        graphics.setColor(Look.TEXT);
        Look.centred(graphics, text, left + CELL / 2.0, top + CELL + 20);
      }
    }
  }
}
