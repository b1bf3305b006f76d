package io.kalamos.plots;

import io.kalamos.models.Model;
import io.kalamos.models.ModelGraph;
import io.kalamos.plots.ModelDiagram.Rankdir;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.geom.RoundRectangle2D;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A model's layers as boxes, grey the inputs and blue what has weights, and arrows from each to
/// its users.
final class ModelPlot {
  private static final int MARGIN = 24;
  private static final double ARROW = 8;
  private static final double PORTS = 15;
  private static final Color INPUT = new Color(0xEFEFEF);
  private static final Color WEIGHTS = new Color(0xDCEBF5);
  private static final BasicStroke BORDER = new BasicStroke(1.2f);
  private static final BasicStroke EDGE =
      new BasicStroke(1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND);

  private final List<ModelGraph.Node> nodes;
  private final List<LayerBox> boxes;
  private final Set<String> weighted;
  private final boolean down;
  private final LayeredLayout layout;

  private ModelPlot(Model model, ModelDiagram diagram) {
    nodes = model.graph().nodes();
    boxes = nodes.stream().map(node -> LayerBox.of(node, diagram)).toList();
    weighted =
        model.weights().keySet().stream()
            .map(path -> path.substring(0, path.indexOf('/')))
            .collect(Collectors.toSet());
    down = diagram.rankdir() == Rankdir.TB;
    double[] widths = boxes.stream().mapToDouble(LayerBox::width).toArray();
    double[] heights = boxes.stream().mapToDouble(LayerBox::height).toArray();
    var inputs = nodes.stream().map(ModelGraph.Node::inputs).toList();
    layout = new LayeredLayout(down ? widths : heights, down ? heights : widths, inputs);
  }

  static Picture picture(Model model, ModelDiagram diagram) {
    return Fonts.needed("Plots.modelGraph", () -> new ModelPlot(model, diagram).picture());
  }

  private Picture picture() {
    int breadth = (int) Math.ceil(layout.wholeBreadth()) + 2 * MARGIN;
    int depth = (int) Math.ceil(layout.wholeDepth()) + 2 * MARGIN;
    return new Picture(down ? breadth : depth, down ? depth : breadth, this::draw);
  }

  private void draw(Graphics2D graphics) {
    graphics.translate(MARGIN, MARGIN);
    for (int i = 0; i < nodes.size(); i++) {
      drawEdges(graphics, i);
    }
    for (int i = 0; i < nodes.size(); i++) {
      drawBox(graphics, i);
    }
  }

  private void drawBox(Graphics2D graphics, int i) {
    var box = boxes.get(i);
    double across = layout.begin(layout.rank(i)) + layout.depth(layout.rank(i)) / 2;
    double left = (down ? layout.centre(i) : across) - box.width() / 2;
    double top = (down ? across : layout.centre(i)) - box.height() / 2;
    var outline = new RoundRectangle2D.Double(left, top, box.width(), box.height(), 10, 10);
    var node = nodes.get(i);
    graphics.setColor(
        node.inputs().isEmpty() ? INPUT : weighted.contains(node.path()) ? WEIGHTS : Color.WHITE);
    graphics.fill(outline);
    graphics.setColor(weighted.contains(node.path()) ? Look.TRAIN : Look.QUIET);
    graphics.setStroke(BORDER);
    graphics.draw(outline);
    box.write(graphics, left + box.width() / 2, top);
  }

  /// Arrows of several inputs arrive side by side, in the order in which they come; one that comes
  /// straight goes on so.
  private void drawEdges(Graphics2D graphics, int to) {
    var inputs = nodes.get(to).inputs();
    var order =
        IntStream.range(0, inputs.size())
            .boxed()
            .sorted(Comparator.comparingDouble(input -> lastBefore(to, input)))
            .toList();
    double room = (down ? boxes.get(to).width() : boxes.get(to).height()) - 16;
    double step = Math.min(PORTS, room / 2 / Math.max(1, inputs.size() - 1));
    double middle = (order.size() - 1) / 2.0;
    for (int place = 0; place < order.size(); place++) {
      if (Math.abs(lastBefore(to, order.get(place)) - layout.centre(to)) < 1) {
        middle = place;
      }
    }
    for (int place = 0; place < order.size(); place++) {
      double port = layout.centre(to) + (place - middle) * step;
      drawEdge(graphics, to, order.get(place), port);
    }
  }

  private double lastBefore(int to, int input) {
    double[] bends = layout.bends(to, input);
    return bends.length > 0
        ? bends[bends.length - 1]
        : layout.centre(nodes.get(to).inputs().get(input));
  }

  private void drawEdge(Graphics2D graphics, int to, int input, double port) {
    int from = nodes.get(to).inputs().get(input);
    int rank = layout.rank(from);
    double at = layout.centre(from);
    double own = down ? boxes.get(from).height() : boxes.get(from).width();
    var path = new Path2D.Double();
    path.moveTo(at, layout.begin(rank) + (layout.depth(rank) + own) / 2);
    for (double bend : layout.bends(to, input)) {
      path.lineTo(at, layout.begin(rank) + layout.depth(rank));
      rank++;
      curve(path, at, bend, layout.begin(rank));
      at = bend;
    }
    path.lineTo(at, layout.begin(rank) + layout.depth(rank));
    int last = layout.rank(to);
    double end =
        layout.begin(last)
            + (layout.depth(last) - (down ? boxes.get(to).height() : boxes.get(to).width())) / 2;
    curve(path, at, port, layout.begin(last) - ARROW);
    path.lineTo(port, end - ARROW + 1);
    var arrow = new Path2D.Double();
    arrow.moveTo(port, end);
    arrow.lineTo(port - ARROW / 2, end - ARROW);
    arrow.lineTo(port + ARROW / 2, end - ARROW);
    arrow.closePath();
    var turn = down ? new AffineTransform() : new AffineTransform(0, 1, 1, 0, 0, 0);
    graphics.setColor(Look.BEST);
    graphics.setStroke(EDGE);
    graphics.draw(turn.createTransformedShape(path));
    graphics.fill(turn.createTransformedShape(arrow));
  }

  /// Leaves and arrives straight.
  private static void curve(Path2D path, double from, double to, double end) {
    double begin = path.getCurrentPoint().getY();
    if (Math.abs(from - to) < 0.5) {
      path.lineTo(to, end);
    } else {
      double middle = (begin + end) / 2;
      path.curveTo(from, middle, to, middle, to, end);
    }
  }
}
