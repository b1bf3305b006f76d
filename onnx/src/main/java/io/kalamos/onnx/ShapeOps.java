package io.kalamos.onnx;

import io.kalamos.engine.Concatenation;
import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Pad;
import io.kalamos.engine.Slice;
import io.kalamos.engine.Tensor;
import io.kalamos.engine.Transpose;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Operations that move, cut, join and repeat elements without computing any.
final class ShapeOps {
  private final SizedGraph graph;
  private final GraphBuilder file;
  private final Values values;
  private final ElementwiseOps elementwise;
  private final PictureOps pictures;

  ShapeOps(
      SizedGraph graph,
      GraphBuilder file,
      Values values,
      ElementwiseOps elementwise,
      PictureOps pictures) {
    this.graph = graph;
    this.file = file;
    this.values = values;
    this.elementwise = elementwise;
    this.pictures = pictures;
  }

  void reshape(Node node) {
    Node from = node.input(0);
    Optional<Tensor> known = values.tensor(from);
    if (known.isPresent()) {
      Tensor tensor = known.get().reshape(node.shape().toArray());
      values.put(node, values.name(from), tensor);
      return;
    }
    Optional<String> sequence = pictures.sequence(node);
    if (sequence.isPresent()) {
      values.put(node, sequence.get(), Layout.SEQUENCES);
      return;
    }
    List<Size> sizes = graph.sizes(node);
    List<Size> before = graph.sizes(from);
    Layout layout = values.layout(from);
    boolean asItLies = layout.liesPlain(before);
    String name = asItLies ? values.asItLies(from) : values.plain(from);
    boolean rows = sizes.size() == 2 && !sizes.get(1).ofBatch() && sizes.getFirst().ofBatch();
    boolean batchFirst = !asItLies || layout.place(0) == 0;
    if (rows && batchFirst && before.getFirst().equals(sizes.getFirst())) {
      values.put(
          node, file.node(node.scope(), "Flatten", List.of(name), AttributeProto.whole("axis", 1)));
    } else {
      values.put(node, values.reshaped(node.scope(), name, sizes));
    }
  }

  /// Nothing is moved until somebody asks for a certain order.
  void transpose(Node node, Transpose op) {
    Node from = node.input(0);
    Optional<Tensor> known = values.tensor(from);
    if (known.isPresent()) {
      Layout places = Layout.plain(op.order().size()).transposed(op.order());
      Layout inverse = new Layout(places.order());
      values.put(node, values.name(from), Numbers.arranged(known.get(), inverse));
    } else {
      values.put(node, values.asItLies(from), values.layout(from).transposed(op.order()));
    }
  }

  void broadcast(Node node) {
    Node from = node.input(0);
    List<Size> before = graph.sizes(from);
    List<Size> sizes = new ArrayList<>(graph.sizes(node));
    int ahead = sizes.size() - before.size();
    for (int axis = 0; axis < before.size(); axis++) {
      // An axis that is there already need not be named.
      if (sizes.get(ahead + axis).equals(before.get(axis))) {
        sizes.set(ahead + axis, Size.fixed(1));
      }
    }
    values.put(
        node, file.node(node.scope(), "Expand", List.of(values.plain(from), values.shape(sizes))));
  }

  void slice(Node node) {
    Node from = node.input(0);
    Layout layout = values.layout(from);
    List<Long> starts = new ArrayList<>();
    List<Long> ends = new ArrayList<>();
    List<Long> axes = new ArrayList<>();
    for (int axis = 0; axis < node.shape().rank(); axis++) {
      Optional<int[]> cut = graph.cut(node, axis);
      if (cut.isPresent()) {
        starts.add((long) cut.get()[0]);
        ends.add((long) cut.get()[1]);
        axes.add((long) layout.place(axis));
      }
    }
    String name =
        file.node(
            node.scope(),
            "Slice",
            List.of(values.asItLies(from), wholes(starts), wholes(ends), wholes(axes)));
    values.put(node, name, layout);
  }

  private String wholes(List<Long> numbers) {
    return file.wholes(numbers.stream().mapToLong(n -> n).toArray());
  }

  void pad(Node node, Pad op) {
    Layout layout = values.layout(node.input(0));
    List<Integer> pads = new ArrayList<>(layout.arranged(op.before()));
    pads.addAll(layout.arranged(op.after()));
    String places = file.wholes(pads.stream().mapToLong(n -> n).toArray());
    String name = file.node(node.scope(), "Pad", List.of(values.asItLies(node.input(0)), places));
    values.put(node, name, layout);
  }

  void concatenate(Node node, Concatenation op) {
    if (reverses(node, op.axis())) {
      Node from = node.input(0).input(0);
      Layout layout = values.layout(from);
      String axis = file.wholes(layout.place(op.axis()));
      values.put(node, file.reversed(node.scope(), values.asItLies(from), axis), layout);
      return;
    }
    Layout layout = elementwise.common(node.shape().rank(), node.inputs());
    String name =
        file.node(
            node.scope(),
            "Concat",
            node.inputs().stream().map(part -> values.in(part, layout)).toList(),
            AttributeProto.whole("axis", layout.place(op.axis())));
    values.put(node, name, layout);
  }

  /// Whether the places of an axis are joined again from the last one to the first.
  private static boolean reverses(Node node, int axis) {
    int places = node.inputs().size();
    for (int i = 0; i < places; i++) {
      Node part = node.input(i);
      boolean fits =
          part.op() instanceof Slice slice
              && part.input(0) == node.input(0).input(0)
              && slice.from().get(axis) == places - 1 - i
              && part.shape().dim(axis) == 1
              && node.shape().equals(part.input(0).shape());
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  /// The engine takes the nearest row for an index outside of the table.
  void gather(Node node) {
    Node indices = node.input(1);
    String scope = node.scope();
    String whole = values.plain(indices);
    if (indices.dtype() != DType.INT32) {
      whole = elementwise.cast(scope, whole, ElementType.INT32);
    }
    String last = values.scalar(node.input(0).shape().dim(0) - 1, DType.INT32);
    String inside = file.node(scope, "Clip", List.of(whole, values.scalar(0, DType.INT32), last));
    values.put(
        node,
        file.node(
            scope,
            "Gather",
            List.of(values.plain(node.input(0)), inside),
            AttributeProto.whole("axis", 0)));
  }
}
