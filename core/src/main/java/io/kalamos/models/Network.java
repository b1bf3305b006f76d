package io.kalamos.models;

import io.kalamos.engine.Node;
import io.kalamos.engine.Shape;
import io.kalamos.engine.ShapeException;
import io.kalamos.engine.Variable;
import io.kalamos.layers.Input;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/// A model's layers with their weights: what traces are written from.
final class Network {
  /// The batch of the trace that finds out shapes; no size of a picture or a layer is meant.
  private static final int PROBE = 3;

  private final Topology topology;
  private final Weights weights;
  private final Set<String> frozen = new HashSet<>();
  private final SequencedMap<String, List<Shape>> shapes = new LinkedHashMap<>();
  private final SequencedMap<String, List<Variable>> variables = new LinkedHashMap<>();
  private List<Shape> outputShapes = List.of();
  private Precision precision = Precision.FLOAT32;

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
      Shape shape = trace.value(step).shape();
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
      shapes
          .computeIfAbsent(described.path(), path -> new ArrayList<>())
          .add(shape.with(0, Shape.OPEN));
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

  /// Changes the types; says whether variables were replaced.
  boolean precision(Precision other) {
    precision = other;
    boolean replaced = weights.retype(other.variableType());
    if (replaced) {
      probe();
    }
    return replaced;
  }

  Input input(int i) {
    return switch (topology.steps().get(topology.inputs().get(i)).layer()) {
      case Input input -> input;
      case io.kalamos.layers.Layer layer ->
          throw new IllegalStateException("not an input: " + layer);
    };
  }

  String inputName(int i) {
    return topology.steps().get(topology.inputs().get(i)).path();
  }

  String outputName(int i) {
    return topology.steps().get(topology.outputs().get(i).step()).path();
  }

  /// The shape of an output, the batch open.
  Shape outputShape(int i) {
    return outputShapes.get(i);
  }

  /// The shapes that a layer's applications give, the batch open.
  List<Shape> shapes(String layer) {
    return shapes.get(layer);
  }

  /// The weights of a layer, in its own order.
  List<Variable> variables(String layer) {
    return variables.get(layer);
  }

  boolean frozen(String layer) {
    return frozen.contains(layer);
  }

  void freeze(String layer, boolean freeze) {
    if (!topology.layers().containsKey(layer)) {
      throw Problems.unknown("model", "a layer's name", "layer", layer, topology.layers().keySet());
    }
    if (freeze) {
      frozen.add(layer);
    } else {
      frozen.remove(layer);
    }
  }

  /// Whether gradients change a variable.
  boolean trainable(Variable variable) {
    return variable.trainable() && !frozen(outermost(variable.path()));
  }

  /// The layer of the model to which a path of a weight or of an inner layer leads.
  static String outermost(String path) {
    int end = path.indexOf('/');
    return end < 0 ? path : path.substring(0, end);
  }
}
