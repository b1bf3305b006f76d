package io.kalamos.onnx;

import io.kalamos.engine.Batch;
import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Shape;
import io.kalamos.options.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// What all values of a graph turn out to be, found out by writing it for two batches: what is the
/// same for both is known, and an axis that grows with the batch is the batch.
///
/// @param values for the first of the two batches
final class Probe {
  /// Two batches that no size of a network is likely to be a multiple of.
  private static final int FIRST = 5;

  private static final int SECOND = 7;

  private static final Set<String> MOVING =
      Set.of("Transpose", "Reshape", "Squeeze", "Unsqueeze", "Identity", "Cast", "Flatten");

  private final Map<String, Value> first = new HashMap<>();
  private final Map<String, Value> second = new HashMap<>();
  private final Set<String> weights = new HashSet<>();
  private final int fixedBatch;
  private final OnnxGraph graph;

  private Probe(OnnxGraph graph, int fixedBatch) {
    this.graph = graph;
    this.fixedBatch = fixedBatch;
  }

  static Probe of(OnnxGraph graph, LoadOptions options) {
    for (String name : options.inputs().keySet()) {
      if (graph.inputs().stream().noneMatch(input -> input.name().equals(name))) {
        throw Refusal.of(
            "Onnx.load",
            "an input of the file: "
                + graph.inputs().stream().map(input -> Names.shown(input.name())).toList(),
            "input",
            name,
            "Name one of these.");
      }
    }
    Probe probe = new Probe(graph, fixedBatch(graph));
    graph.constants().forEach(probe::constant);
    for (ValueInfoProto input : graph.inputs()) {
      Shape sample = sample(input, options);
      ElementType type = input.type().orElseThrow().element();
      probe.first.put(input.name(), entering(input.name(), type, sample.prepend(FIRST)));
      probe.second.put(input.name(), entering(input.name(), type, sample.prepend(SECOND)));
    }
    Folding folding =
        new Folding(
            graph.constants().values().stream().mapToLong(known -> known.shape().size()).sum());
    Evaluation one = new Evaluation(probe.setting(FIRST), folding);
    Evaluation other = new Evaluation(probe.setting(SECOND), folding);
    for (NodeProto node : graph.nodes()) {
      List<Value> made = one.of(node, probe.first);
      boolean alike =
          node.inputs().stream().allMatch(name -> probe.first.get(name) == probe.second.get(name));
      probe.written(node, made, alike ? made : other.of(node, probe.second));
    }
    return probe;
  }

  private Site.Setting setting(int batch) {
    return Site.Setting.of(graph.opset(), fixedBatch, batch);
  }

  private void constant(String name, Value.Known known) {
    first.put(name, known);
    second.put(name, known);
    if (known.type().floating()) {
      weights.add(name);
    }
  }

  private void written(NodeProto node, List<Value> one, List<Value> other) {
    for (int i = 0; i < node.outputs().size(); i++) {
      String name = node.outputs().get(i);
      if (name.isEmpty()) {
        continue;
      }
      first.put(name, one.get(i));
      second.put(name, other.get(i));
      if (MOVING.contains(node.opType())
          && weights.contains(node.inputs().getFirst())
          && one.get(i) instanceof Value.Known known
          && known.type().floating()) {
        weights.add(name);
      }
    }
  }

  private static Value entering(String name, ElementType type, Shape shape) {
    DType dtype = type.floating() ? DType.FLOAT32 : DType.INT32;
    return new Value.Computed(type, Node.of(new Batch(name, shape, dtype)));
  }

  /// The batch that the file was made for, or 0 where it is open.
  private static int fixedBatch(OnnxGraph graph) {
    Set<Integer> fixed = new HashSet<>();
    for (ValueInfoProto input : graph.inputs()) {
      if (dimensions(input).getFirst() instanceof Dimension.Fixed(long size)) {
        fixed.add(size(input, size));
      }
    }
    if (fixed.size() > 1) {
      throw Refusal.of(
          "ONNX graph",
          "inputs whose first axis is the batch",
          "sizes",
          new ArrayList<>(fixed),
          "Export the model with an open batch, such as dynamic_axes={\"x\": {0: \"batch\"}}.");
    }
    return fixed.isEmpty() ? 0 : fixed.iterator().next();
  }

  private static List<Dimension> dimensions(ValueInfoProto input) {
    List<Dimension> dims = input.type().flatMap(TensorType::shape).orElse(List.of());
    if (dims.isEmpty() || input.type().orElseThrow().element() == ElementType.STRING) {
      throw Refusal.of(
          "ONNX graph: input " + Names.shown(input.name()),
          "a tensor of numbers whose first axis is the batch",
          "type",
          input.type().map(TensorType::toString).orElse("none"),
          "Export the model with the shapes of its inputs.");
    }
    return dims;
  }

  private static int size(ValueInfoProto input, long size) {
    if (size < 1 || size > Integer.MAX_VALUE) {
      throw Refusal.of(
          "ONNX graph: input " + Names.shown(input.name()),
          "sizes from 1 to " + Integer.MAX_VALUE,
          "size",
          size,
          "The file is damaged; export it again.");
    }
    return (int) size;
  }

  /// The shape of one sample of an input: that of the file, or the one that the caller gives.
  static Shape sample(ValueInfoProto input, LoadOptions options) {
    List<Dimension> dims = dimensions(input);
    Shape given = options.inputs().get(input.name());
    int[] sizes = new int[dims.size() - 1];
    boolean fits = given == null || given.rank() == sizes.length;
    boolean open = false;
    for (int i = 0; i < sizes.length && fits; i++) {
      switch (dims.get(i + 1)) {
        case Dimension.Fixed(long size) -> {
          sizes[i] = size(input, size);
          fits = given == null || given.dim(i) == sizes[i];
        }
        case Dimension.Open _ -> {
          open |= given == null;
          sizes[i] = given == null ? 0 : given.dim(i);
        }
      }
    }
    if (open || !fits) {
      throw Refusal.of(
          "Onnx.load: input " + Names.shown(input.name()),
          "sizes of one sample that fit " + shown(dims),
          "input",
          given == null ? "none" : given,
          "Name them as load.input(\"" + Names.shown(input.name()) + "\", 3, 224, 224).");
    }
    return Shape.of(sizes);
  }

  private static String shown(List<Dimension> dims) {
    return dims.stream()
        .skip(1)
        .map(
            dim ->
                switch (dim) {
                  case Dimension.Fixed(long size) -> Long.toString(size);
                  case Dimension.Open(String name) -> name.isEmpty() ? "?" : Names.shown(name);
                })
        .toList()
        .toString();
  }

  int fixed() {
    return fixedBatch;
  }

  Value value(String name) {
    return first.get(name);
  }

  /// A node as it was written for the first batch, to read its attributes and constants.
  Site site(NodeProto node) {
    List<Optional<Value>> inputs =
        node.inputs().stream().map(name -> Optional.ofNullable(first.get(name))).toList();
    return new Site(node, inputs, setting(FIRST), DType.FLOAT32);
  }

  /// Whether a value is the same whatever the batch and the data.
  boolean known(String name) {
    return first.get(name) instanceof Value.Known one
        && second.get(name) instanceof Value.Known other
        && one.same(other);
  }

  Value.Known constant(String name) {
    return (Value.Known) first.get(name);
  }

  /// Whether a known value is, or only rearranges, numbers of the file that training may change.
  boolean weight(String name) {
    return weights.contains(name);
  }

  /// The axis of the batch of a value that depends on the data; empty where it has none or more.
  OptionalInt batch(String name) {
    if (!(first.get(name) instanceof Value.Computed
        && second.get(name) instanceof Value.Computed)) {
      return OptionalInt.empty();
    }
    Shape one = first.get(name).shape();
    Shape other = second.get(name).shape();
    OptionalInt axis = OptionalInt.empty();
    for (int i = 0; i < one.rank() && one.rank() == other.rank(); i++) {
      boolean grows = one.dim(i) == FIRST && other.dim(i) == SECOND;
      if (one.dim(i) != other.dim(i) && (!grows || axis.isPresent())) {
        return OptionalInt.empty();
      }
      axis = grows ? OptionalInt.of(i) : axis;
    }
    return axis;
  }
}
