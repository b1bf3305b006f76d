package io.kalamos.models;

import io.kalamos.engine.Node;
import io.kalamos.engine.Shape;
import io.kalamos.engine.ShapeException;
import io.kalamos.engine.Variable;
import io.kalamos.layers.Input;
import io.kalamos.layers.Layer;
import io.kalamos.options.Refusal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/// A model's layers with their weights: what traces are written from.
final class Network {
  /// The batch of the trace that finds out shapes; no size of a picture or a layer is meant.
  private static final int PROBE = 3;

  private final Topology topology;
  private final Weights weights;
  private final Set<String> frozen = new HashSet<>();
  private final List<Network> inner = new ArrayList<>();
  private final SequencedMap<String, List<List<Shape>>> shapes = new LinkedHashMap<>();
  private final SequencedMap<String, List<Variable>> variables = new LinkedHashMap<>();
  private List<Shape> outputShapes = List.of();
  private Precision precision = Precision.FLOAT32;
  private boolean allFrozen;
  private long changes;

  Network(Topology topology, long seed) {
    this.topology = topology;
    this.weights = new Weights(seed);
    probe();
  }

  /// Creates the weights and learns the layers' shapes.
  private void probe() {
    List<Node> inputs = new ArrayList<>();
    for (int i = 0; i < topology.inputs().size(); i++) {
      Input input = input(i);
      inputs.add(
          Node.of(
              new io.kalamos.engine.Batch(
                  inputName(i), input.shape().prepend(PROBE), input.dtype())));
    }
    shapes.clear();
    variables.clear();
    Trace trace = new Trace(this, false);
    List<Node> outputs = trace.run(inputs);
    for (int step = 0; step < topology.steps().size(); step++) {
      Topology.Step described = topology.steps().get(step);
      List<Shape> results = new ArrayList<>();
      for (Node value : trace.values(step)) {
        Shape shape = value.shape();
        if (shape.rank() == 0 || shape.dim(0) != PROBE) {
          throw new ShapeException(
              described.path()
                  + " ("
                  + described.layer().kind()
                  + "): expected a result whose first axis is the batch, received shape="
                  + shape
                  + " for a batch of "
                  + PROBE
                  + ". Keep the first axis as it is.");
        }
        results.add(shape.with(0, Shape.OPEN));
      }
      shapes.computeIfAbsent(described.path(), path -> new ArrayList<>()).add(results);
    }
    outputShapes = outputs.stream().map(output -> output.shape().with(0, Shape.OPEN)).toList();
    topology.layers().keySet().forEach(path -> variables.put(path, trace.variables(path)));
  }

  Topology topology() {
    return topology;
  }

  Weights weights() {
    return weights;
  }

  Precision precision() {
    return precision;
  }

  /// Changes the types, also those of inner models' weights.
  void precision(Precision other) {
    precision = other;
    for (Network part : inner) {
      if (part.precision.variableType() != other.variableType()) {
        part.precision(other);
      }
    }
    if (weights.retype(other.variableType())) {
      changes++;
      probe();
    }
  }

  /// Notes that another model's layers are among these.
  void holds(Network part) {
    if (!inner.contains(part)) {
      inner.add(part);
    }
  }

  /// A number that grows whenever programs written before no longer say what is to be done.
  long changes() {
    long all = changes;
    for (Network part : inner) {
      all += part.changes();
    }
    return all;
  }

  /// Refuses to go on where an inner model keeps its weights in another type by now.
  void checkInner(String where) {
    for (int i = 0; i < inner.size(); i++) {
      Network part = inner.get(i);
      if (part.precision.variableType() != precision.variableType()) {
        throw Refusal.of(
            where,
            "inner models with weights in " + precision.variableType() + " as this one",
            "inner",
            part.precision.variableType(),
            "Compile this model again, or both in the same precision.");
      }
      part.checkInner(where);
    }
  }

  Input input(int i) {
    return switch (topology.steps().get(topology.inputs().get(i)).layer()) {
      case Input input -> input;
      case Layer layer -> throw new IllegalStateException("not an input: " + layer);
    };
  }

  String inputName(int i) {
    return topology.steps().get(topology.inputs().get(i)).path();
  }

  /// The name of the layer that gives an output, numbered from the second one on where it gives
  /// several.
  String outputName(int i) {
    String path = outputLayer(i);
    int before = 0;
    for (int j = 0; j < i; j++) {
      before += outputLayer(j).equals(path) ? 1 : 0;
    }
    return before == 0 ? path : path + "_" + before;
  }

  private String outputLayer(int i) {
    return topology.steps().get(topology.outputs().get(i).step()).path();
  }

  /// The shape of an output, the batch open.
  Shape outputShape(int i) {
    return outputShapes.get(i);
  }

  /// The shapes of all results of each of a layer's applications, the batch open.
  List<List<Shape>> shapes(String layer) {
    return shapes.get(layer);
  }

  /// The weights of a layer, in its own order.
  List<Variable> variables(String layer) {
    return variables.get(layer);
  }

  /// The weights of a layer, also of one in an inner model.
  List<Variable> layerWeights(String path) {
    layer(path);
    return within(path).isEmpty() ? variables(path) : part(path).layerWeights(within(path));
  }

  /// Whether training leaves a layer as it is: by name, `base/dense` for one in an inner model, or
  /// empty for all of them.
  boolean frozen(String path) {
    if (allFrozen || frozen.contains(outermost(path))) {
      return true;
    }
    return topology.layers().get(outermost(path)) instanceof Model part
        && part.network().frozen(within(path));
  }

  /// Says whether training shall leave layers as they are; an inner model keeps the answer itself,
  /// for all the models that it is part of.
  void freeze(String path, boolean freeze) {
    changes++;
    if (path.isEmpty()) {
      allFrozen = freeze;
      topology.layers().keySet().forEach(layer -> freeze(layer, freeze));
      return;
    }
    String name = outermost(path);
    Layer layer = topology.layers().get(name);
    switch (layer) {
      case Model part -> part.network().freeze(within(path), freeze);
      case null ->
          throw Problems.unknown(
              "model", "a layer's name", "layer", path, topology.layers().keySet());
      case Layer _ -> {
        if (!name.equals(path)) {
          throw Problems.unknown("model", "an inner model before the /", "layer", path, models());
        }
        if (freeze) {
          frozen.add(name);
        } else {
          frozen.remove(name);
        }
      }
    }
  }

  private List<String> models() {
    return topology.layers().entrySet().stream()
        .filter(entry -> entry.getValue() instanceof Model)
        .map(Map.Entry::getKey)
        .toList();
  }

  /// Whether gradients change a variable.
  boolean trainable(Variable variable) {
    return variable.trainable()
        && !frozen(outermost(variable.path()))
        && weights.home(variable).map(h -> h.network().trainable(h.variable())).orElse(true);
  }

  /// The layer of this path, `base/dense` for one in an inner model.
  Layer layer(String path) {
    Layer layer = topology.layers().get(outermost(path));
    return switch (layer) {
      case null ->
          throw Problems.unknown(
              "model", "a layer's name", "layer", path, topology.layers().keySet());
      case Model part when !within(path).isEmpty() -> part.network().layer(within(path));
      case Layer found when within(path).isEmpty() -> found;
      case Layer _ ->
          throw Problems.unknown("model", "an inner model before the /", "layer", path, models());
    };
  }

  /// The inner model with which a path begins.
  Network part(String path) {
    return switch (topology.layers().get(outermost(path))) {
      case Model part -> part.network();
      case Layer layer -> throw new IllegalArgumentException("no model: " + layer);
    };
  }

  /// Where a model stands within this one.
  String pathOf(Network part) {
    return find(part)
        .orElseThrow(
            () ->
                Refusal.of(
                    "training step",
                    "the model itself or one of its inner models " + models(),
                    "model",
                    part.topology.title(),
                    "Put it into the model as a layer, so that the model owns its weights."));
  }

  private Optional<String> find(Network part) {
    for (Map.Entry<String, Layer> entry : topology.layers().entrySet()) {
      if (entry.getValue() instanceof Model model) {
        Optional<String> below = model.network().find(part).map(p -> entry.getKey() + "/" + p);
        if (model.network() == part || below.isPresent()) {
          return below.or(() -> Optional.of(entry.getKey()));
        }
      }
    }
    return Optional.empty();
  }

  /// The layer of the model to which a path of a weight or of an inner layer leads.
  static String outermost(String path) {
    int end = path.indexOf('/');
    return end < 0 ? path : path.substring(0, end);
  }

  /// The rest of such a path.
  static String within(String path) {
    int end = path.indexOf('/');
    return end < 0 ? "" : path.substring(end + 1);
  }
}
