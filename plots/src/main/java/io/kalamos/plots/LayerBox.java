package io.kalamos.plots;

import io.kalamos.activations.ActivationFunction;
import io.kalamos.layers.Layer;
import io.kalamos.models.ModelGraph;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/// What is written about a layer, line by line in the middle of a box.
record LayerBox(List<Line> lines) {
  private static final int PADDING = 14;
  private static final int LINE = 18;
  private static final int EDGE = 7;
  private static final int LEAST_WIDTH = 84;

  /// A line of text.
  record Line(String text, Font font, Color colour) {}

  static LayerBox of(ModelGraph.Node node, ModelDiagram diagram) {
    var lines = new ArrayList<Line>();
    lines.add(new Line(node.kind(), Look.LABEL.deriveFont(Font.BOLD), Look.TEXT));
    if (diagram.showLayerNames()) {
      lines.add(quiet(node.path()));
    }
    if (diagram.showShapes()) {
      lines.add(new Line(node.shape().toString().replace(",)", ")"), Look.TICK, Look.TEXT));
    }
    if (diagram.showDtype()) {
      lines.add(quiet(node.dtype().toString()));
    }
    if (diagram.showLayerActivations()) {
      var activations = activations(node.layer());
      if (!activations.isEmpty()) {
        lines.add(quiet(activations));
      }
    }
    if (diagram.showTrainable()) {
      lines.add(quiet(node.trainable() ? "trainable" : "not trainable"));
    }
    return new LayerBox(lines);
  }

  private static Line quiet(String text) {
    return new Line(text, Look.SMALL, Look.QUIET);
  }

  /// The functions among a layer's options, such as `relu`, or `tanh, sigmoid` of a recurrent one.
  private static String activations(Layer layer) {
    return layer instanceof Record
        ? Arrays.stream(layer.getClass().getRecordComponents())
            .filter(component -> ActivationFunction.class.isAssignableFrom(component.getType()))
            .map(component -> value(layer, component))
            .filter(Objects::nonNull)
            .map(Object::toString)
            .collect(Collectors.joining(", "))
        : "";
  }

  /// What an accessor gives; an own layer may be closed to this module, then nothing is shown.
  private static Object value(Layer layer, RecordComponent component) {
    try {
      return component.getAccessor().invoke(layer);
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }

  double width() {
    double widest =
        lines.stream().mapToDouble(line -> Fonts.width(line.font(), line.text())).max().orElse(0);
    return Math.max(LEAST_WIDTH, Math.ceil(widest) + 2 * PADDING);
  }

  double height() {
    return lines.size() * LINE + 2 * EDGE;
  }

  void write(Graphics2D graphics, double middle, double top) {
    for (int i = 0; i < lines.size(); i++) {
      var line = lines.get(i);
      graphics.setFont(line.font());
      graphics.setColor(line.colour());
      Look.centred(graphics, line.text(), middle, top + EDGE + i * LINE + 13);
    }
  }
}
