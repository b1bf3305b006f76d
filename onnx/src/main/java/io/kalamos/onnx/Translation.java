package io.kalamos.onnx;

import io.kalamos.engine.DType;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Application;
import io.kalamos.layers.Identity;
import io.kalamos.layers.Input;
import io.kalamos.layers.Lambda;
import io.kalamos.layers.Layer;
import io.kalamos.layers.Permute;
import io.kalamos.layers.Reshape;
import io.kalamos.layers.Symbol;
import io.kalamos.models.Model;
import io.kalamos.onnx.Carried.Form;
import io.kalamos.options.Refusal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Turns a checked graph into a functional model, node by node: into a layer where there is one
/// ([LayerTable]), into an [OnnxOperation] otherwise.
///
/// Transposes are not written: they give the axes of a value other names, and a [Permute] stands
/// only where a layer needs an order in which the value is not at hand. So the data lie with their
/// channels last from the first convolution to the last one, whatever the file says, and the
/// transposes around a Keras network that was exported vanish.
final class Translation {
  /// How many nodes layers may hold beside their own.
  private static final int MOST_REPEATED = 200_000;

  private final OnnxGraph graph;
  private final LoadOptions options;
  private final Probe probe;
  private final Map<String, Carried> carried = new HashMap<>();
  private final Map<String, Integer> users = new HashMap<>();
  private final Map<String, NodeProto> lastUser = new HashMap<>();
  private final Map<NodeProto, Integer> places = new IdentityHashMap<>();
  private final Map<String, NodeProto> deferred = new HashMap<>();
  private final Set<NodeProto> done = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Map<List<Object>, Layer> shared = new HashMap<>();
  private final Map<String, List<Tensor>> weights = new LinkedHashMap<>();
  private int repeated;
  private final Names names = new Names();
  private final OperationTable operations = new OperationTable(this);
  private final LayerTable layers = new LayerTable(this);

  private Translation(OnnxGraph graph, LoadOptions options) {
    this.graph = graph;
    this.options = options;
    this.probe = Probe.of(graph, options);
  }

  static Model of(OnnxGraph graph, LoadOptions options) {
    return new Translation(graph, options).model();
  }

  private Model model() {
    List<Input> inputs = graph.inputs().stream().map(this::input).toList();
    for (NodeProto node : graph.nodes()) {
      places.put(node, places.size());
      for (String name : node.inputs()) {
        users.merge(name, 1, Integer::sum);
        lastUser.put(name, node);
      }
    }
    graph.outputs().forEach(name -> users.merge(name, 2, Integer::sum));
    for (NodeProto node : graph.nodes()) {
      if (done.add(node)) {
        translate(node);
      }
    }
    Model model = Model.of(inputs, graph.outputs().stream().map(this::output).toList());
    weights.forEach(model::setWeights);
    return model;
  }

  private Input input(ValueInfoProto described) {
    String name = described.name();
    Carried value =
        Carried.of(described.type().orElseThrow().element(), probe.value(name).shape(), 0);
    Form.Order order =
        options.channelsLast() && value.rank() == 4 ? value.channelsLast() : value.plain();
    DType dtype = value.type().floating() ? DType.FLOAT32 : DType.INT32;
    String plain = Names.plain(name);
    Input input = Input.of(value.sizes(order)).dtype(dtype);
    Input named = plain.isEmpty() ? input : input.named(names.unique(plain));
    value.forms().put(order, named);
    carried.put(name, value);
    return named;
  }

  private Symbol output(String name) {
    Carried value = carried.get(name);
    if (value == null || value.batch() != 0) {
      throw Refusal.of(
          "ONNX graph: output " + Names.shown(name),
          "a result of the data whose first axis is the batch",
          "shape",
          value == null ? probe.value(name).shape() + " for 5 samples" : value.shape(),
          "Choose other outputs with load.outputs(...).");
    }
    Form.Order order =
        options.channelsLast() && value.rank() == 4 ? value.channelsLast() : value.plain();
    Symbol symbol = symbol(value, order);
    if (!value.type().floating()) {
      return Lambda.of(x -> Ops.cast(x, DType.FLOAT32)).on(symbol);
    }
    return symbol instanceof Input ? Identity.of().on(symbol) : symbol;
  }

  private void translate(NodeProto node) {
    boolean any = false;
    for (String output : node.outputs()) {
      if (output.isEmpty() || probe.known(output)) {
        continue;
      }
      boolean carries = probe.batch(output).isPresent();
      any |= carries;
      if (!carries) {
        deferred.put(output, node);
      }
    }
    if (any && !layers.translate(node)) {
      operations.translate(node);
    }
  }

  // What the tables ask

  Probe probe() {
    return probe;
  }

  OnnxGraph graph() {
    return graph;
  }

  /// The carried value of this name, if it is one.
  Optional<Carried> carried(String name) {
    return Optional.ofNullable(carried.get(name));
  }

  /// The node that makes a value which stands in no layer, because its batch has no axis.
  Optional<NodeProto> deferred(String name) {
    return Optional.ofNullable(deferred.get(name));
  }

  /// The only node that uses a value, once, if there is one and the value is no output.
  Optional<NodeProto> onlyUser(String name) {
    return users.getOrDefault(name, 0) == 1
        ? Optional.ofNullable(lastUser.get(name))
        : Optional.empty();
  }

  /// Whether nothing uses a value.
  boolean unused(String name) {
    return users.getOrDefault(name, 0) == 0;
  }

  /// Leaves a node out, because another one's layer does its work.
  void skip(NodeProto node) {
    done.add(node);
  }

  /// Says what gives a value.
  void carry(String name, Form form, Symbol symbol) {
    Carried value =
        carried.computeIfAbsent(
            name,
            key ->
                Carried.of(
                    probe.value(key).type(),
                    probe.value(key).shape(),
                    probe.batch(key).orElseThrow()));
    value.forms().put(form, symbol);
  }

  /// Says that a value is another one, perhaps with other names of its axes.
  void carry(String name, Carried value) {
    carried.put(name, value);
  }

  /// What gives a value in an order, which a layer brings about where it is not at hand.
  Symbol symbol(Carried value, Form.Order order) {
    Symbol known = value.forms().get(order);
    if (known != null) {
      return known;
    }
    Form.Order from = value.order().orElseGet(() -> unflattened(value));
    Symbol symbol = value.forms().get(from);
    if (!from.equals(order)) {
      int[] dims =
          order.axes().stream().skip(1).mapToInt(axis -> from.axes().indexOf(axis)).toArray();
      symbol = Permute.of(dims).on(symbol);
      value.forms().put(order, symbol);
    }
    return symbol;
  }

  /// Brings a row that lies channels last into the file's order.
  private Form.Order unflattened(Carried value) {
    Form.Order plain = value.plain();
    Map.Entry<Form, Symbol> entry = value.forms().firstEntry();
    switch (entry.getKey()) {
      case Form.Order _ -> throw new IllegalStateException("at hand: " + value);
      case Form.Flat(int channels, int height, int width) -> {
        Symbol pictures = Reshape.of(height, width, channels).on(entry.getValue());
        Symbol turned = Permute.of(3, 1, 2).on(pictures);
        value.forms().put(plain, Reshape.of(channels * height * width).on(turned));
      }
    }
    return plain;
  }

  /// A layer with weights, under a name from the file; the same layer with the same weights is
  /// shared.
  ///
  /// @param sources names of the weights in the file
  Application apply(
      NodeProto node, Layer layer, List<String> sources, List<Tensor> values, Symbol... inputs) {
    List<Object> key = List.of(layer, sources);
    Layer known = sources.isEmpty() ? null : shared.get(key);
    if (known == null) {
      String title = Titles.of(node, sources);
      known = title.isEmpty() || sources.isEmpty() ? layer : layer.named(names.unique(title));
      if (!sources.isEmpty()) {
        known = title.isEmpty() ? layer.named(names.unique(layer.stem())) : known;
        shared.put(key, known);
        weights.put(known.name().orElseThrow(), values);
      }
    }
    return known.on(inputs);
  }

  /// The numbers of a weight or constant as float32.
  Tensor number(String name) {
    Tensor tensor = probe.constant(name).tensor();
    return tensor.dtype() == DType.FLOAT32 ? tensor : tensor.cast(DType.FLOAT32);
  }

  /// The shape that a value has in the file.
  Shape shape(String name) {
    return probe.value(name).shape();
  }

  /// All nodes above a node that no layer has written, then the node itself.
  List<NodeProto> block(NodeProto node) {
    List<NodeProto> found = new ArrayList<>();
    Set<NodeProto> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    List<NodeProto> waiting = new ArrayList<>(List.of(node));
    while (!waiting.isEmpty()) {
      NodeProto next = waiting.removeLast();
      if (seen.add(next)) {
        found.add(next);
        next.inputs().forEach(input -> deferred(input).ifPresent(waiting::add));
      }
    }
    repeated += found.size() - 1;
    if (repeated > MOST_REPEATED) {
      throw Refusal.of(
          "ONNX graph",
          "at most " + MOST_REPEATED + " operations on values without a batch axis",
          "operations",
          "more at " + Site.where(node),
          "Simplify the model before it is exported.");
    }
    found.sort(Comparator.comparing(places::get));
    return found;
  }
}
