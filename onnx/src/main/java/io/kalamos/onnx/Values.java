package io.kalamos.onnx;

import io.kalamos.engine.DType;
import io.kalamos.engine.Fill;
import io.kalamos.engine.Node;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The values that the file has so far, and how to get at them with their axes in any order.
///
/// Weights and other numbers known beforehand are brought into that order here; of values that are
/// computed a transposition is written, once.
final class Values {
  /// Constants up to so many elements are written out, larger ones as an Expand of one number.
  private static final int WRITTEN_OUT = 64;

  /// A value that is computed: its name, and the order in which its axes lie.
  private record Computed(String name, Layout layout) {}

  /// A number known beforehand, in the engine's order.
  private record Known(String name, Tensor tensor) {}

  private final SizedGraph graph;
  private final GraphBuilder file;
  private final String batchInput;
  private final Map<Node, Computed> computed = new IdentityHashMap<>();
  private final Map<Node, Known> known = new IdentityHashMap<>();
  private final Map<List<Object>, String> arranged = new HashMap<>();

  /// @param batchInput an input, which has the batch as its first axis
  Values(SizedGraph graph, GraphBuilder file, String batchInput) {
    this.graph = graph;
    this.file = file;
    this.batchInput = batchInput;
  }

  /// Keeps a computed value whose axes lie as in the engine.
  void put(Node node, String name) {
    put(node, name, Layout.plain(node.shape().rank()));
  }

  void put(Node node, String name, Layout layout) {
    computed.put(node, new Computed(name, layout));
  }

  /// Keeps numbers that are known beforehand.
  void put(Node node, String name, Tensor tensor) {
    known.put(node, new Known(name, tensor));
  }

  /// The numbers of a node, if they are known.
  Optional<Tensor> tensor(Node node) {
    return Optional.ofNullable(known.get(node)).map(Known::tensor);
  }

  /// The name that numbers known beforehand go by.
  String name(Node node) {
    return known.get(node).name();
  }

  /// Whether a value is written without being computed from inputs.
  boolean isKnown(Node node) {
    return known.containsKey(node) || node.op() instanceof Fill;
  }

  /// How the axes of a value lie; those of numbers known beforehand lie as one wishes.
  Layout layout(Node node) {
    Computed value = computed.get(node);
    return value == null ? Layout.plain(node.shape().rank()) : value.layout();
  }

  /// The name of a value however its axes lie.
  String asItLies(Node node) {
    return in(node, layout(node));
  }

  /// The name of a value with its axes as in the engine.
  String plain(Node node) {
    return in(node, Layout.plain(node.shape().rank()));
  }

  /// The name of a value with its axes in this order.
  String in(Node node, Layout layout) {
    if (node.op() instanceof Fill fill) {
      return filled(fill, layout.arranged(graph.sizes(node)));
    }
    Known number = known.get(node);
    if (number != null) {
      return initializer(number, Numbers.arranged(number.tensor(), layout), layout);
    }
    Computed value = computed.get(node);
    return transposed(scope(value.name()), value.name(), value.layout(), layout);
  }

  /// The layer that a value's name begins with; an input is one.
  private static String scope(String name) {
    int end = name.lastIndexOf('/');
    return end < 0 ? name : name.substring(0, end);
  }

  private String transposed(String scope, String name, Layout from, Layout to) {
    return from.equals(to)
        ? name
        : file.node(scope, "Transpose", List.of(name), AttributeProto.wholes("perm", from.to(to)));
  }

  /// One initializer for each order of a weight.
  private String initializer(Known number, Tensor tensor, Object arrangement) {
    return arranged.computeIfAbsent(
        List.of(number.tensor(), arrangement, tensor.shape()),
        key ->
            file.initializer(
                number.name(),
                Numbers.type(tensor.dtype()),
                Numbers.dims(tensor.shape()),
                Numbers.raw(tensor)));
  }

  /// The name of an operand of an element-wise operation whose result lies like this: lower ranks
  /// are aligned at the end, as the engine and ONNX both do it, before axes are moved.
  String operand(Node node, Layout layout) {
    int rank = node.shape().rank();
    if (node.op() instanceof Fill fill) {
      return scalar(fill.value(), fill.dtype());
    }
    if (rank == 0 || layout.isPlain()) {
      return plain(node);
    }
    if (rank == layout.rank()) {
      return in(node, layout);
    }
    List<Size> sizes = new ArrayList<>(graph.sizes(node));
    while (sizes.size() < layout.rank()) {
      sizes.addFirst(Size.fixed(1));
    }
    Known number = known.get(node);
    if (number != null) {
      Shape shape = Shape.of(sizes.stream().mapToInt(Size::factor).toArray());
      Tensor tensor = Numbers.arranged(number.tensor().reshape(shape.toArray()), layout);
      return initializer(number, withoutLeadingOnes(tensor), layout);
    }
    if (layout.liesPlain(sizes)) {
      return reshaped(node.scope(), plain(node), layout.arranged(sizes));
    }
    String wide = reshaped(node.scope(), plain(node), sizes);
    return transposed(node.scope(), wide, Layout.plain(layout.rank()), layout);
  }

  private static Tensor withoutLeadingOnes(Tensor tensor) {
    Shape shape = tensor.shape();
    int first = 0;
    while (first < shape.rank() - 1 && shape.dim(first) == 1) {
      first++;
    }
    return tensor.reshape(shape.slice(first, shape.rank()).toArray());
  }

  /// One number.
  String scalar(double value, DType type) {
    return file.constant(Numbers.type(type), List.of(), Numbers.raw(value, type));
  }

  /// A vector of one number.
  String repeated(double value, int size) {
    Tensor tensor = Tensor.zeros(DType.FLOAT32, Shape.of(size));
    tensor.fill(i -> value);
    return file.constant(ElementType.FLOAT, List.of((long) size), Numbers.raw(tensor));
  }

  private String filled(Fill fill, List<Size> sizes) {
    boolean open = sizes.stream().anyMatch(Size::ofBatch);
    if (!open && fill.shape().size() <= WRITTEN_OUT) {
      Tensor tensor = Tensor.zeros(fill.dtype(), fill.shape());
      tensor.fill(i -> fill.value());
      List<Long> dims = sizes.stream().map(size -> (long) size.factor()).toList();
      return file.constant(Numbers.type(fill.dtype()), dims, Numbers.raw(tensor));
    }
    return file.node("", "Expand", List.of(scalar(fill.value(), fill.dtype()), shape(sizes)));
  }

  /// A value under another shape.
  ///
  /// @param from what lies in the order of `sizes`, or of another shape with the same elements
  String reshaped(String scope, String from, List<Size> sizes) {
    long open = sizes.stream().filter(Size::ofBatch).count();
    String shape =
        open > 1
            ? shape(sizes)
            : file.wholes(
                sizes.stream().mapToLong(size -> size.ofBatch() ? -1 : size.factor()).toArray());
    return file.node(scope, "Reshape", List.of(from, shape));
  }

  /// Sizes as a value, computed where they depend on the batch.
  String shape(List<Size> sizes) {
    if (sizes.stream().noneMatch(Size::ofBatch)) {
      return file.wholes(sizes.stream().mapToLong(Size::factor).toArray());
    }
    List<String> parts = sizes.stream().map(this::size).toList();
    return file.node("", "Concat", parts, AttributeProto.whole("axis", 0));
  }

  private String size(Size size) {
    if (!size.ofBatch()) {
      return file.wholes(size.factor());
    }
    String batch =
        file.node(
            "",
            "Shape",
            List.of(batchInput),
            AttributeProto.whole("start", 0),
            AttributeProto.whole("end", 1));
    return size.factor() == 1
        ? batch
        : file.node("", "Mul", List.of(batch, file.wholes(size.factor())));
  }
}
