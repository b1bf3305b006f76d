package io.kalamos.models;

import io.kalamos.constraints.Constraint;
import io.kalamos.engine.Assign;
import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Op;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.ShapeException;
import io.kalamos.engine.Variable;
import io.kalamos.initializers.Initializer;
import io.kalamos.layers.Call;
import io.kalamos.layers.Layer;
import io.kalamos.layers.WeightOptions;
import io.kalamos.options.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/// One writing of all layers as a graph, for one batch size and for training or not.
final class Trace {
  /// Streams of layers lie above those of weights.
  private static final int LAYERS = 1 << 16;

  /// How many layers have streams between a layer's first stream and its second.
  private static final int STREAMS = 1 << 12;

  private final Network network;
  private final boolean training;
  private final Predicate<Layer> leftOut;
  private List<Made> values = List.of();
  private final Map<Variable, Node> parameters = new LinkedHashMap<>();
  private final SequencedMap<Variable, Node> updates = new LinkedHashMap<>();
  private final Map<String, Node> penalties = new LinkedHashMap<>();
  private final Map<Variable, Constraint> constraints = new LinkedHashMap<>();
  private final Map<String, List<Variable>> variables = new LinkedHashMap<>();
  private final Map<String, Integer> streams = new HashMap<>();
  private final List<PredictionGraph.LeftOut> cuts = new ArrayList<>();
  private final SequencedMap<String, Node> cutInputs = new LinkedHashMap<>();

  /// A value with the mask of its time steps that count, where some do not.
  private record Value(Node node, Optional<Node> mask) {}

  /// What one application of a layer gives.
  private record Made(List<Value> results) {}

  Trace(Network network, boolean training) {
    this(network, training, layer -> false);
  }

  /// @param leftOut layers of which nothing is written where no time steps are masked: their
  ///   results are inputs of the graph
  Trace(Network network, boolean training, Predicate<Layer> leftOut) {
    this.network = network;
    this.training = training;
    this.leftOut = leftOut;
  }

  /// The layers that were left out.
  List<PredictionGraph.LeftOut> cuts() {
    return cuts;
  }

  /// What enters them, by the names that they are told.
  SequencedMap<String, Node> cutInputs() {
    return cutInputs;
  }

  /// The model's outputs for these inputs.
  List<Node> run(List<Node> inputs) {
    Topology topology = network.topology();
    List<Value> entering = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      entering.add(new Value(entering(network, i, inputs.get(i)), Optional.empty()));
    }
    values = walk(topology, entering, (step, from) -> site(step, from).made());
    return topology.outputs().stream().map(ref -> value(topology, values, ref).node()).toList();
  }

  private Site site(Topology.Step step, List<Value> from) {
    return new Site(step.path(), step.layer(), from, Optional.empty());
  }

  /// What the steps of a topology give, one after the other.
  private static List<Made> walk(
      Topology topology, List<Value> entering, BiFunction<Topology.Step, List<Value>, Made> place) {
    List<Made> made = new ArrayList<>();
    for (int i = 0; i < topology.steps().size(); i++) {
      Topology.Step step = topology.steps().get(i);
      int input = topology.inputs().indexOf(i);
      List<Value> from = step.inputs().stream().map(ref -> value(topology, made, ref)).toList();
      made.add(input >= 0 ? new Made(List.of(entering.get(input))) : place.apply(step, from));
    }
    return made;
  }

  /// The outputs of this model, or of a model within it, for other inputs.
  List<Node> call(Network part, List<Node> inputs) {
    List<Value> from =
        inputs.stream().map(input -> new Value(input, Optional.<Node>empty())).toList();
    int wanted = part.topology().inputs().size();
    if (inputs.size() != wanted) {
      throw Refusal.of(
          "training step: call",
          "a value for each of the " + wanted + " inputs",
          "inputs",
          inputs.size(),
          "Give as many as the model has inputs.");
    }
    if (part == network) {
      return again(inputs);
    }
    String path = network.pathOf(part);
    Network first = network.part(path);
    Optional<Weights.Home> home =
        first == part
            ? Optional.empty()
            : Optional.of(new Weights.Home(first, Network.within(path)));
    Layer layer = network.layer(path);
    return new Site(path, layer, from, home).made().results().stream().map(Value::node).toList();
  }

  private List<Node> again(List<Node> inputs) {
    List<Made> before = values;
    List<Node> outputs = run(inputs);
    values = before.isEmpty() ? values : before;
    return outputs;
  }

  /// The first result of a step of the topology.
  Node value(int step) {
    return values(step).getFirst();
  }

  /// All results of a step of the topology.
  List<Node> values(int step) {
    return values.get(step).results().stream().map(Value::node).toList();
  }

  /// The mask of a value, if some of its time steps do not count.
  Optional<Node> mask(Topology.Ref ref) {
    return value(network.topology(), values, ref).mask();
  }

  private static Value value(Topology topology, List<Made> made, Topology.Ref ref) {
    List<Value> results = made.get(ref.step()).results();
    if (ref.output() >= results.size()) {
      Topology.Step step = topology.steps().get(ref.step());
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

  /// Data in the type that an input of a model, this one or an inner one, gives to its layers.
  private Node entering(Network model, int i, Node data) {
    DType type = model.input(i).dtype();
    DType wanted = type.floating() ? network.precision().variableType() : type;
    return Ops.cast(data, wanted).within(model.inputName(i));
  }

  private Node computable(Node value) {
    return value.dtype().floating() ? Ops.cast(value, network.precision().computeType()) : value;
  }

  /// A layer at its place.
  final class Site implements Call {
    private final String path;
    private final Layer layer;
    private final List<Node> inputs;
    private final List<Optional<Node>> masks;
    private final Optional<Weights.Home> home;
    private final List<Value> further = new ArrayList<>();
    private Optional<Node> mask = Optional.empty();

    /// @param home of a layer in an inner model
    Site(String path, Layer layer, List<Value> from, Optional<Weights.Home> home) {
      this.path = path;
      this.layer = layer;
      this.inputs = from.stream().map(value -> computable(value.node())).toList();
      this.masks = from.stream().map(Value::mask).toList();
      this.home = home;
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
        Node first = layer.call(this, inputs.getFirst()).within(path);
        Optional<Node> passed = layer.passesMask() ? mask(0) : Optional.empty();
        List<Value> results = new ArrayList<>(List.of(new Value(first, mask.or(() -> passed))));
        further.forEach(
            result -> results.add(new Value(result.node().within(path), result.mask())));
        boolean whole = masks.stream().noneMatch(Optional::isPresent);
        return new Made(whole && leftOut.test(layer) ? cut(results) : results);
      } catch (ShapeException problem) {
        throw problem.getMessage().startsWith(path)
            ? problem
            : new ShapeException(where() + ": " + problem.getMessage());
      } catch (ArithmeticException problem) {
        if (!String.valueOf(problem.getMessage()).endsWith("overflow")) {
          throw problem;
        }
        throw rejects(
            "fewer numbers than an axis counts, 2^31, together",
            inputs.getFirst().shape(),
            "Give the model smaller inputs.");
      }
    }

    /// Inputs of the graph instead of what the layer wrote.
    private List<Value> cut(List<Value> results) {
      String place = path + "/" + cuts.size() + "/";
      List<String> entering = new ArrayList<>();
      for (Node input : inputs) {
        entering.add(place + "input/" + entering.size());
        cutInputs.put(entering.getLast(), input);
      }
      List<Value> stands = new ArrayList<>();
      List<String> names = new ArrayList<>();
      for (Value result : results) {
        names.add(place + "result/" + names.size());
        Node node = result.node();
        Op stand = new io.kalamos.engine.Batch(names.getLast(), node.shape(), node.dtype());
        stands.add(new Value(Node.of(stand), result.mask()));
      }
      cuts.add(new PredictionGraph.LeftOut(path, layer, entering, names));
      return stands;
    }

    /// Writes the layers of a model that stands here, with its weights; its first output.
    Node model(Network inner) {
      network.holds(inner);
      Weights.Home within = home.orElse(new Weights.Home(inner, ""));
      List<Value> entering = new ArrayList<>();
      for (int i = 0; i < inner.topology().inputs().size(); i++) {
        Shape wanted = inner.input(i).shape().prepend(Shape.OPEN);
        if (inputs.size() != inner.topology().inputs().size()
            || !inputs.get(i).shape().with(0, Shape.OPEN).equals(wanted)) {
          throw rejects(inner);
        }
        entering.add(new Value(entering(inner, i, inputs.get(i)), masks.get(i)));
      }
      List<Made> made =
          walk(
              inner.topology(),
              entering,
              (step, from) -> {
                String name = step.path();
                return new Site(path + "/" + name, step.layer(), from, Optional.of(within.at(name)))
                    .made();
              });
      List<Value> outputs =
          inner.topology().outputs().stream()
              .map(ref -> value(inner.topology(), made, ref))
              .toList();
      mask = outputs.getFirst().mask();
      further.addAll(outputs.subList(1, outputs.size()));
      return outputs.getFirst().node();
    }

    private ShapeException rejects(Network inner) {
      List<Shape> wanted = new ArrayList<>();
      for (int i = 0; i < inner.topology().inputs().size(); i++) {
        wanted.add(inner.input(i).shape().prepend(Shape.OPEN));
      }
      return new ShapeException(
          where()
              + ": expected inputs of shapes "
              + wanted
              + ", received shapes="
              + inputs.stream().map(input -> input.shape().with(0, Shape.OPEN)).toList()
              + ". Give what the inner model's Input says.");
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
      return training
          && !network.frozen(outermost())
          && home.map(h -> !h.network().frozen(h.path())).orElse(true);
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
      further.add(new Value(result, Optional.empty()));
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
      List<Value> from = new ArrayList<>();
      for (int i = 0; i < inputs.size(); i++) {
        from.add(new Value(inputs.get(i), i < masks.size() ? masks.get(i) : Optional.empty()));
      }
      Optional<Weights.Home> there = home.map(h -> h.at(name));
      Site site = new Site(path + "/" + name, inner, from, there);
      return site.made().results().stream().map(Value::node).toList();
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
      Weights weights = network.weights();
      String full = path + "/" + name;
      Variable variable =
          home.map(h -> weights.shared(full, h.at(name)))
              .orElseGet(() -> weights.get(full, shape, initializer, trainable));
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
