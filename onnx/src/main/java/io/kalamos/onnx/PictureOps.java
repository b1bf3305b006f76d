package io.kalamos.onnx;

import io.kalamos.engine.Convolution2D;
import io.kalamos.engine.Convolution2DInputGradient;
import io.kalamos.engine.Node;
import io.kalamos.engine.Reshaping;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Window;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Convolutions, pooling and batch normalisation, whose channels stand behind the batch in ONNX.
///
/// What slides along sequences is written by the layers as something that slides over pictures of
/// one row; here it becomes an operator over sequences again.
final class PictureOps {
  /// (height, width, channels / groups, filters) as (filters, channels / groups, height, width).
  private static final Layout PICTURE_KERNEL = Layout.of(2, 3, 1, 0);

  /// (steps, channels / groups, filters) as (filters, channels / groups, steps).
  private static final Layout SEQUENCE_KERNEL = Layout.of(2, 1, 0);

  private final GraphBuilder file;
  private final Values values;
  private final Map<Node, String> sequences = new IdentityHashMap<>();

  PictureOps(GraphBuilder file, Values values) {
    this.file = file;
    this.values = values;
  }

  void convolution(Node node, Convolution2D op) {
    Node kernel = node.input(1);
    boolean ofSequence = overSequence(node, op.window()) && isWidened(kernel, 0);
    List<String> inputs = new ArrayList<>();
    inputs.add(input(node, ofSequence));
    inputs.add(
        ofSequence
            ? values.in(kernel.input(0), SEQUENCE_KERNEL)
            : values.in(kernel, PICTURE_KERNEL));
    if (op.epilogue().bias()) {
      inputs.add(values.plain(node.input(2)));
    }
    List<AttributeProto> attributes = new ArrayList<>(windowed(op.window(), ofSequence));
    attributes.add(
        along("dilations", op.window().dilationHeight(), op.window().dilationWidth(), ofSequence));
    attributes.add(AttributeProto.whole("group", op.groups()));
    put(node, "Conv", inputs, attributes, ofSequence);
  }

  /// ONNX counts what the last window leaves over as output padding, which must be below the
  /// stride; where the window ends beyond the pictures, padding at the end takes it away.
  void widening(Node node, Convolution2DInputGradient op) {
    Window window = op.window();
    Shape from = node.input(0).shape();
    int reachedHeight =
        window.strideHeight() * (from.dim(1) - 1) + window.spanHeight() - window.top();
    int reachedWidth =
        window.strideWidth() * (from.dim(2) - 1) + window.spanWidth() - window.left();
    int bottom = Math.max(0, reachedHeight - node.shape().dim(1));
    int right = Math.max(0, reachedWidth - node.shape().dim(2));
    long addedHeight = node.shape().dim(1) - reachedHeight + bottom;
    long addedWidth = node.shape().dim(2) - reachedWidth + right;
    List<AttributeProto> attributes =
        List.of(
            along("kernel_shape", window.height(), window.width(), false),
            along("strides", window.strideHeight(), window.strideWidth(), false),
            along("dilations", window.dilationHeight(), window.dilationWidth(), false),
            AttributeProto.wholes(
                "pads",
                List.of((long) window.top(), (long) window.left(), (long) bottom, (long) right)),
            AttributeProto.whole("group", op.groups()),
            AttributeProto.wholes("output_padding", List.of(addedHeight, addedWidth)));
    List<String> inputs =
        List.of(
            values.in(node.input(0), Layout.PICTURES), values.in(node.input(1), PICTURE_KERNEL));
    put(node, "ConvTranspose", inputs, attributes, false);
  }

  void maxPool(Node node, Window window) {
    boolean ofSequence = overSequence(node, window);
    List<String> inputs = List.of(input(node, ofSequence));
    put(node, "MaxPool", inputs, windowed(window, ofSequence), ofSequence);
  }

  void averagePool(Node node, Window window) {
    boolean ofSequence = overSequence(node, window);
    List<AttributeProto> attributes = new ArrayList<>(windowed(window, ofSequence));
    attributes.add(AttributeProto.whole("count_include_pad", 0));
    List<String> inputs = List.of(input(node, ofSequence));
    put(node, "AveragePool", inputs, attributes, ofSequence);
  }

  /// Whether a picture of one row is a sequence, over which the window slides along one axis.
  private static boolean overSequence(Node node, Window window) {
    return window.height() == 1 && window.strideHeight() == 1 && isWidened(node.input(0), 1);
  }

  /// Whether a value of four axes is one of three with an axis of size 1 put in.
  private static boolean isWidened(Node node, int axis) {
    if (!(node.op() instanceof Reshaping) || node.input(0).shape().rank() != 3) {
      return false;
    }
    Shape shape = node.shape();
    return shape.rank() == 4
        && shape.dim(axis) == 1
        && Shape.of(IntStream.range(0, 4).filter(a -> a != axis).map(shape::dim).toArray())
            .equals(node.input(0).shape());
  }

  private String input(Node node, boolean ofSequence) {
    Node x = node.input(0);
    return ofSequence ? values.in(x.input(0), Layout.SEQUENCES) : values.in(x, Layout.PICTURES);
  }

  /// The result of a window over a sequence, (batch, channels, steps), where a value is reshaped
  /// back to one.
  Optional<String> sequence(Node reshaping) {
    Node row = reshaping.input(0);
    boolean back =
        reshaping.shape().rank() == 3
            && row.shape().rank() == 4
            && row.shape().dim(1) == 1
            && reshaping.shape().dim(1) == row.shape().dim(2)
            && reshaping.shape().dim(2) == row.shape().dim(3);
    return back ? Optional.ofNullable(sequences.get(row)) : Optional.empty();
  }

  /// Whether all that is known beforehand is, and channels lie, or can be brought, behind the
  /// batch.
  boolean normalizes(BatchNormalized found) {
    boolean known =
        Stream.of(
                found.gamma(),
                found.beta(),
                Optional.of(found.mean()),
                Optional.of(found.variance()))
            .allMatch(weight -> weight.map(values::isKnown).orElse(true));
    Layout layout = layout(found);
    return known
        && !values.isKnown(found.x())
        && layout.place(0) == 0
        && layout.place(found.axis()) == 1;
  }

  private Layout layout(BatchNormalized found) {
    boolean pictures = found.x().shape().rank() == 4 && found.axis() == 3;
    return pictures ? Layout.PICTURES : values.layout(found.x());
  }

  void batchNormalization(Node node, BatchNormalized found) {
    Layout layout = layout(found);
    int channels = node.shape().dim(found.axis());
    String name =
        file.node(
            node.scope(),
            "BatchNormalization",
            List.of(
                values.in(found.x(), layout),
                found.gamma().map(values::plain).orElseGet(() -> values.repeated(1, channels)),
                found.beta().map(values::plain).orElseGet(() -> values.repeated(0, channels)),
                values.plain(found.mean()),
                values.plain(found.variance())),
            AttributeProto.real("epsilon", (float) found.epsilon()));
    values.put(node, name, layout);
  }

  private void put(
      Node node,
      String opType,
      List<String> inputs,
      List<AttributeProto> attributes,
      boolean ofSequence) {
    String name =
        file.node(node.scope(), opType, inputs, attributes.toArray(AttributeProto[]::new));
    if (ofSequence) {
      sequences.put(node, name);
      name = file.node(node.scope(), "Unsqueeze", List.of(name, file.wholes(2)));
    }
    values.put(node, name, Layout.PICTURES);
  }

  private static List<AttributeProto> windowed(Window window, boolean ofSequence) {
    List<Long> pads =
        ofSequence
            ? List.of((long) window.left(), (long) window.right())
            : List.of(
                (long) window.top(),
                (long) window.left(),
                (long) window.bottom(),
                (long) window.right());
    return List.of(
        along("kernel_shape", window.height(), window.width(), ofSequence),
        along("strides", window.strideHeight(), window.strideWidth(), ofSequence),
        AttributeProto.wholes("pads", pads));
  }

  private static AttributeProto along(String name, int height, int width, boolean ofSequence) {
    return AttributeProto.wholes(
        name, ofSequence ? List.of((long) width) : List.of((long) height, (long) width));
  }
}
