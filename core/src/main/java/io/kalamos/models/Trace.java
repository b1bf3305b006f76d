package io.kalamos.models;

import io.kalamos.engine.Assign;
import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.ShapeException;
import io.kalamos.engine.Variable;
import io.kalamos.initializers.Initializer;
import io.kalamos.layers.Call;
import io.kalamos.layers.Layer;
import io.kalamos.regularizers.Regularizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// One writing of all layers as a graph, for one batch size and for training or not.
final class Trace {
  /// Streams of layers lie above those of weights.
  private static final int LAYERS = 1 << 16;

  private final Network network;
  private final boolean training;
  private final List<Node> values = new ArrayList<>();
  private final Map<Variable, Node> parameters = new LinkedHashMap<>();
  private final SequencedMap<Variable, Node> updates = new LinkedHashMap<>();
  private final Map<String, Node> penalties = new LinkedHashMap<>();
  private final Map<String, List<Variable>> variables = new LinkedHashMap<>();

  Trace(Network network, boolean training) {
    this.network = network;
    this.training = training;
  }

  /// The model's outputs for these inputs.
  List<Node> run(List<Node> inputs) {
    Topology topology = network.topology();
    for (int i = 0; i < topology.steps().size(); i++) {
      int input = topology.inputs().indexOf(i);
      values.add(input >= 0 ? entering(input, inputs.get(input)) : apply(i));
    }
    return topology.outputs().stream().map(values::get).toList();
  }

  /// The value of a step of the topology.
  Node value(int step) {
    return values.get(step);
  }

  /// The weights that a layer asked for.
  List<Variable> variables(String path) {
    return List.copyOf(variables.getOrDefault(path, List.of()));
  }

  /// The new values of states.
  List<Assign> updates() {
    List<Assign> assigns = new ArrayList<>();
    updates.forEach((variable, value) -> assigns.add(new Assign(variable, value)));
    return assigns;
  }

  /// What regularisers add to the loss, each a single number.
  List<Node> penalties() {
    return List.copyOf(penalties.values());
  }

  private Node entering(int i, Node data) {
    DType type = network.input(i).dtype();
    DType wanted = type.floating() ? network.precision().variableType() : type;
    return Ops.cast(data, wanted).within(network.inputName(i));
  }

  private Node apply(int index) {
    Topology.Step step = network.topology().steps().get(index);
    List<Node> inputs = step.inputs().stream().map(values::get).map(this::computable).toList();
    Site site = new Site(step.path(), step.layer(), inputs);
    if (inputs.isEmpty() || inputs.size() > 1 && !step.layer().takesSeveral()) {
      throw new ShapeException(
          site.where()
              + ": expected one input, received inputs="
              + inputs.size()
              + ". Join them with a layer that takes several.");
    }
    try {
      return step.layer().call(site, inputs.getFirst()).within(step.path());
    } catch (ShapeException problem) {
      throw problem.getMessage().startsWith(site.where())
          ? problem
          : new ShapeException(site.where() + ": " + problem.getMessage());
    }
  }

  private Node computable(Node value) {
    return value.dtype().floating() ? Ops.cast(value, network.precision().computeType()) : value;
  }

  /// A layer at its place.
  private final class Site implements Call {
    private final String path;
    private final Layer layer;
    private final List<Node> inputs;

    Site(String path, Layer layer, List<Node> inputs) {
      this.path = path;
      this.layer = layer;
      this.inputs = inputs;
    }

    private String where() {
      return path + " (" + layer.kind() + ")";
    }

    @Override
    public String path() {
      return path;
    }

    @Override
    public boolean training() {
      return training && !network.frozen(path);
    }

    @Override
    public List<Node> inputs() {
      return inputs;
    }

    @Override
    public DType computeType() {
      return network.precision().computeType();
    }

    @Override
    public DType variableType() {
      return network.precision().variableType();
    }

    @Override
    public int stream() {
      int place = 0;
      for (String other : network.topology().layers().keySet()) {
        if (other.equals(path)) {
          return LAYERS + place;
        }
        place++;
      }
      throw new IllegalStateException("no layer " + path);
    }

    @Override
    public Node weight(
        String name,
        Shape shape,
        Initializer initializer,
        Optional<Regularizer> regularizer,
        DType type) {
      Variable variable = variable(name, shape, initializer, true);
      Node value = parameter(variable);
      regularizer.ifPresent(
          r ->
              penalties.computeIfAbsent(
                  variable.path(), key -> r.penalty(value).within(path + "/regularizer")));
      return Ops.cast(value, type);
    }

    @Override
    public Node state(String name, Shape shape, Initializer initializer) {
      Variable variable = variable(name, shape, initializer, false);
      Node updated = updates.get(variable);
      return updated != null ? updated : parameter(variable);
    }

    @Override
    public void update(String state, Node value) {
      Variable variable = network.weights().get(path + "/" + state);
      updates.put(variable, Ops.cast(value, variable.dtype()).within(path));
    }

    @Override
    public ShapeException rejects(String expected, Shape received, String remedy) {
      Shape open = received.rank() == 0 ? received : received.with(0, Shape.OPEN);
      return new ShapeException(
          where() + ": expected " + expected + ", received shape=" + open + ". " + remedy);
    }

    private Variable variable(
        String name, Shape shape, Initializer initializer, boolean trainable) {
      Variable variable = network.weights().get(path + "/" + name, shape, initializer, trainable);
      List<Variable> own = variables.computeIfAbsent(path, key -> new ArrayList<>());
      if (!own.contains(variable)) {
        own.add(variable);
      }
      return variable;
    }

    private Node parameter(Variable variable) {
      return parameters.computeIfAbsent(variable, Ops::parameter);
    }
  }
}
