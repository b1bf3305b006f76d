package io.kalamos.models;

import io.kalamos.constraints.Constraint;
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
import io.kalamos.layers.WeightOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// One writing of all layers as a graph, for one batch size and for training or not.
final class Trace {
  /// Streams of layers lie above those of weights.
  private static final int LAYERS = 1 << 16;

  /// How many layers have streams between a layer's first stream and its second.
  private static final int STREAMS = 1 << 12;

  private final Network network;
  private final boolean training;
  private final List<Made> values = new ArrayList<>();
  private final Map<Variable, Node> parameters = new LinkedHashMap<>();
  private final SequencedMap<Variable, Node> updates = new LinkedHashMap<>();
  private final Map<String, Node> penalties = new LinkedHashMap<>();
  private final Map<Variable, Constraint> constraints = new LinkedHashMap<>();
  private final Map<String, List<Variable>> variables = new LinkedHashMap<>();
  private final Map<String, Integer> streams = new HashMap<>();

  /// What one application of a layer gives.
  ///
  /// @param mask of the time steps that count, where some do not
  private record Made(List<Node> results, Optional<Node> mask) {}

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
    return topology.outputs().stream().map(this::value).toList();
  }

  /// The first result of a step of the topology.
  Node value(int step) {
    return values.get(step).results().getFirst();
  }

  /// The mask of a value, if some of its time steps do not count.
  Optional<Node> mask(Topology.Ref ref) {
    return values.get(ref.step()).mask();
  }

  private Node value(Topology.Ref ref) {
    List<Node> results = values.get(ref.step()).results();
    if (ref.output() >= results.size()) {
      Topology.Step step = network.topology().steps().get(ref.step());
      throw new ShapeException(
          step.path()
              + " ("
              + step.layer().kind()
              + "): expected an output below "
              + results.size()
              + ", received output="
              + ref.output()
              + ". Ask for a result that the layer gives.");
    }
    return results.get(ref.output());
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

  /// What weights must keep to.
  Map<Variable, Constraint> constraints() {
    return constraints;
  }

  private Made entering(int i, Node data) {
    DType type = network.input(i).dtype();
    DType wanted = type.floating() ? network.precision().variableType() : type;
    return new Made(List.of(Ops.cast(data, wanted).within(network.inputName(i))), Optional.empty());
  }

  private Made apply(int index) {
    Topology.Step step = network.topology().steps().get(index);
    List<Node> inputs = step.inputs().stream().map(this::value).map(this::computable).toList();
    List<Optional<Node>> masks = step.inputs().stream().map(this::mask).toList();
    return new Site(step.path(), step.layer(), inputs, masks).made();
  }

  private Node computable(Node value) {
    return value.dtype().floating() ? Ops.cast(value, network.precision().computeType()) : value;
  }

  /// A layer at its place.
  private final class Site implements Call {
    private final String path;
    private final Layer layer;
    private final List<Node> inputs;
    private final List<Optional<Node>> masks;
    private final List<Node> further = new ArrayList<>();
    private Optional<Node> mask = Optional.empty();

    Site(String path, Layer layer, List<Node> inputs, List<Optional<Node>> masks) {
      this.path = path;
      this.layer = layer;
      this.inputs = inputs;
      this.masks = masks;
    }

    /// Lets the layer write its part.
    Made made() {
      if (inputs.isEmpty() || inputs.size() > 1 && !layer.takesSeveral()) {
        throw new ShapeException(
            where()
                + ": expected one input, received inputs="
                + inputs.size()
                + ". Join them with a layer that takes several.");
      }
      try {
        List<Node> results = new ArrayList<>();
        results.add(layer.call(this, inputs.getFirst()).within(path));
        further.forEach(result -> results.add(result.within(path)));
        Optional<Node> passed = layer.passesMask() ? mask(0) : Optional.empty();
        return new Made(results, mask.or(() -> passed));
      } catch (ShapeException problem) {
        throw problem.getMessage().startsWith(path)
            ? problem
            : new ShapeException(where() + ": " + problem.getMessage());
      }
    }

    /// The layer of the model in which this one is.
    private String outermost() {
      return Network.outermost(path);
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
      return training && !network.frozen(outermost());
    }

    @Override
    public List<Node> inputs() {
      return inputs;
    }

    @Override
    public Optional<Node> mask(int input) {
      return input < masks.size() ? masks.get(input) : Optional.empty();
    }

    @Override
    public void mask(Node mask) {
      this.mask = Optional.of(mask);
    }

    @Override
    public void result(Node result) {
      further.add(result);
    }

    @Override
    public void penalty(Node price) {
      Node number = price.shape().rank() == 0 ? price : Ops.meanAll(price);
      String key = path + "/penalty/" + penalties.size();
      penalties.put(key, number.within(path + "/penalty"));
    }

    @Override
    public List<Node> inner(
        String name, Layer inner, List<Node> inputs, List<Optional<Node>> masks) {
      List<Node> computable = inputs.stream().map(Trace.this::computable).toList();
      return new Site(path + "/" + name, inner, computable, masks).made().results();
    }

    @Override
    public DType computeType() {
      return network.precision().computeType();
    }

    @Override
    public DType variableType() {
      return network.precision().variableType();
    }

    /// Each call, of shared and inner layers too, gets another stream, the same in each trace.
    @Override
    public int stream() {
      int place = List.copyOf(network.topology().layers().keySet()).indexOf(outermost());
      int before = streams.merge(outermost(), 1, Integer::sum) - 1;
      return LAYERS + place + before * STREAMS;
    }

    @Override
    public Node weight(String name, Shape shape, WeightOptions options, DType type) {
      Variable variable = variable(name, shape, options.initializer(), true);
      Node value = parameter(variable);
      options
          .regularizer()
          .ifPresent(
              r ->
                  penalties.computeIfAbsent(
                      variable.path(), key -> r.penalty(value).within(path + "/regularizer")));
      options.constraint().ifPresent(constraint -> constraints.put(variable, constraint));
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
      List<Variable> own = variables.computeIfAbsent(outermost(), key -> new ArrayList<>());
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
