package io.kalamos.models;

import io.kalamos.engine.Assign;
import io.kalamos.engine.DType;
import io.kalamos.engine.Gradients;
import io.kalamos.engine.Graph;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Parameter;
import io.kalamos.engine.Rewriter;
import io.kalamos.engine.Rewrites;
import io.kalamos.engine.Variable;
import io.kalamos.layers.Layer;
import io.kalamos.losses.Loss;
import io.kalamos.losses.SampleWeights;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// Writes the graphs that programs are compiled from.
final class StepGraph {
  /// The graph's output that is made small.
  static final String LOSS = "loss";

  private final Network network;
  private final Compilation compilation;
  private final Signature signature;

  StepGraph(Network network, Compilation compilation, Signature signature) {
    this.network = network;
    this.compilation = compilation;
    this.signature = signature;
  }

  static String input(Network network, int i) {
    return network.inputName(i);
  }

  static String target(String output) {
    return "target/" + output;
  }

  static String weight(String output) {
    return "weight/" + output;
  }

  /// Predictions alone, simplified.
  static Graph prediction(Network network, Signature signature) {
    Graph written = predictionAsWritten(network, signature, layer -> false).graph();
    return Rewriter.apply(Rewrites.ALGEBRA, simplified(written));
  }

  /// Predictions alone, as the layers write them.
  static PredictionGraph predictionAsWritten(
      Network network, Signature signature, Predicate<Layer> leftOut) {
    Trace trace = new Trace(network, false, leftOut);
    List<Node> outputs = trace.run(inputs(network, signature));
    SequencedMap<String, Node> results = new LinkedHashMap<>();
    for (int i = 0; i < outputs.size(); i++) {
      Node output = outputs.get(i);
      boolean narrow = output.dtype() == DType.BFLOAT16;
      results.put("output/" + i, narrow ? Ops.cast(output, DType.FLOAT32) : output);
    }
    results.putAll(trace.cutInputs());
    return new PredictionGraph(new Graph(results, List.of()), trace.cuts());
  }

  /// Loss and metrics without training.
  Graph evaluation() {
    Trace trace = new Trace(network, false);
    Written written = written(trace, false);
    SequencedMap<String, Node> results = new LinkedHashMap<>(written.results());
    results.keySet().removeAll(written.followed());
    return Rewriter.apply(Rewrites.ALGEBRA, simplified(new Graph(results, List.of())));
  }

  /// The whole step: loss, metrics, gradients, new weights.
  Graph training(Slots slots) {
    Trace trace = new Trace(network, true);
    Written written = written(trace, true);
    Graph forward = simplified(new Graph(written.results(), trace.updates()));
    List<Node> parameters = parameters(forward);
    Updates updates = new Updates(compilation.optimizer(), slots, trace.constraints());
    List<Node> gradients = gradients(forward, written, updates::objective, parameters);
    SequencedMap<String, Node> results = new LinkedHashMap<>(forward.outputs());
    results.keySet().removeAll(written.followed());
    List<Assign> assigns = new ArrayList<>(forward.assigns());
    assigns.addAll(updates.of(parameters, gradients));
    return Rewriter.apply(Rewrites.ALGEBRA, new Graph(results, assigns));
  }

  /// The gradients of a training step by the paths of the weights, without a step.
  Graph gradients() {
    Written written = written(new Trace(network, true), true);
    Graph forward = simplified(new Graph(written.results(), List.of()));
    List<Node> parameters = parameters(forward);
    List<Node> gradients = gradients(forward, written, UnaryOperator.identity(), parameters);
    SequencedMap<String, Node> results = new LinkedHashMap<>();
    for (int i = 0; i < parameters.size(); i++) {
      Variable weight = ((Parameter) parameters.get(i).op()).variable();
      results.put(weight.path(), Ops.cast(gradients.get(i), weight.dtype()));
    }
    return Rewriter.apply(Rewrites.ALGEBRA, new Graph(results, List.of()));
  }

  /// The weights in a graph that training changes.
  private List<Node> parameters(Graph graph) {
    List<Node> parameters = new ArrayList<>();
    for (Node node : graph.order()) {
      if (node.op() instanceof Parameter(Variable variable) && network.trainable(variable)) {
        parameters.add(node);
      }
    }
    return parameters;
  }

  /// What the model or the user's training step makes of a batch.
  ///
  /// @param follows the result that a weight's gradient is taken of
  private record Written(SequencedMap<String, Node> results, Function<Variable, String> follows) {
    /// Results that no one looks at but gradients.
    Set<String> followed() {
      return results.keySet().stream()
          .filter(name -> name.startsWith(WrittenStep.MINIMIZE))
          .collect(Collectors.toSet());
    }
  }

  private Written written(Trace trace, boolean training) {
    List<Node> inputs = inputs(network, signature);
    if (compilation.step().isEmpty()) {
      return new Written(results(trace, trace.run(inputs)), weight -> LOSS);
    }
    List<Node> targets = new ArrayList<>();
    List<Optional<Node>> weights = new ArrayList<>();
    for (int i = 0; i < signature.y().size(); i++) {
      Signature.Feed feed = signature.y().get(i);
      String name = Integer.toString(i);
      Node target = feed(target(name), feed, signature.batch());
      targets.add(feed.dtype().floating() ? wide(target) : target);
      weights.add(
          signature.weights().isEmpty()
              ? Optional.empty()
              : signature
                  .weights()
                  .get(i)
                  .map(w -> wide(feed(weight(name), w, signature.batch()))));
    }
    List<Node> data = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      data.add(network.input(i).dtype().floating() ? wide(inputs.get(i)) : inputs.get(i));
    }
    WrittenStep step =
        new WrittenStep(network, trace, training, compilation.logs(), data, targets, weights);
    return new Written(step.results(compilation.step().get()), step::follows);
  }

  private static List<Node> gradients(
      Graph forward, Written written, UnaryOperator<Node> objective, List<Node> parameters) {
    Map<String, List<Node>> groups = new LinkedHashMap<>();
    for (Node parameter : parameters) {
      Variable weight = ((Parameter) parameter.op()).variable();
      groups
          .computeIfAbsent(written.follows().apply(weight), key -> new ArrayList<>())
          .add(parameter);
    }
    Map<Node, Node> found = new IdentityHashMap<>();
    groups.forEach(
        (result, group) -> {
          List<Node> gradients =
              Gradients.of(objective.apply(forward.outputs().get(result)), group);
          for (int i = 0; i < group.size(); i++) {
            found.put(group.get(i), gradients.get(i));
          }
        });
    return parameters.stream().map(found::get).toList();
  }

  /// The value of every step of the topology in a training step, for the search for the first NaN.
  Graph layers() {
    Trace trace = new Trace(network, true);
    trace.run(inputs(network, signature));
    SequencedMap<String, Node> values = new LinkedHashMap<>();
    for (int i = 0; i < network.topology().steps().size(); i++) {
      Node value = trace.value(i);
      values.put("step/" + i, Ops.cast(value, network.precision().variableType()));
    }
    return new Graph(values, List.of());
  }

  private static Graph simplified(Graph graph) {
    return Rewriter.apply(Rewrites.FORWARD, graph);
  }

  private static List<Node> inputs(Network network, Signature signature) {
    List<Node> inputs = new ArrayList<>();
    for (int i = 0; i < signature.x().size(); i++) {
      inputs.add(feed(input(network, i), signature.x().get(i), signature.batch()));
    }
    return inputs;
  }

  private static Node feed(String name, Signature.Feed feed, int batch) {
    return Node.of(new io.kalamos.engine.Batch(name, feed.row().prepend(batch), feed.dtype()));
  }

  /// What is known of an output of which something is wanted.
  private record Aim(Node target, Node output, Optional<Node> weight, Optional<Node> mask) {
    Node loss(Loss loss) {
      return loss.weighted(target, output, weight, mask);
    }

    SequencedMap<String, Node> watched(Goals.Watched watched) {
      Optional<Node> counted = watched.weighted() ? SampleWeights.masked(weight, mask) : mask;
      return watched.metric().update(target, output, counted);
    }
  }

  private SequencedMap<String, Node> results(Trace trace, List<Node> outputs) {
    Goals goals = Goals.of(network, compilation);
    Map<Integer, Aim> aims = new LinkedHashMap<>();
    for (int i = 0; i < goals.targets().size(); i++) {
      int output = goals.targets().get(i);
      aims.put(output, aim(trace, i, output, outputs.get(output)));
    }
    SequencedMap<String, Node> parts = new LinkedHashMap<>();
    List<Node> addends = new ArrayList<>();
    aims.forEach(
        (output, aim) ->
            goals
                .losses()
                .get(output)
                .ifPresent(
                    loss -> {
                      Node value = wide(aim.loss(loss)).within("loss");
                      double weight = goals.weights().get(output);
                      addends.add(weight == 1 ? value : Ops.multiply(value, weight));
                      parts.put(goals.lossName(output), value);
                    }));
    trace.penalties().forEach(penalty -> addends.add(wide(penalty)));
    SequencedMap<String, Node> results = new LinkedHashMap<>();
    results.put(LOSS, addends.stream().reduce(Ops::add).orElseThrow().within("loss"));
    if (goals.several()) {
      results.putAll(parts);
    }
    for (Goals.Watched watched : goals.watched()) {
      aims.get(watched.output())
          .watched(watched)
          .forEach(
              (part, node) -> results.put(watched.name() + "/" + part, node.within("metrics")));
    }
    return results;
  }

  private Aim aim(Trace trace, int i, int output, Node value) {
    String name = network.outputName(output);
    Signature.Feed feed = signature.y().get(i);
    Node target = feed(target(name), feed, signature.batch());
    Optional<Node> weight =
        signature.weights().isEmpty()
            ? Optional.empty()
            : signature.weights().get(i).map(w -> wide(feed(weight(name), w, signature.batch())));
    return new Aim(
        feed.dtype().floating() ? wide(target) : target,
        value,
        weight,
        trace.mask(network.topology().outputs().get(output)));
  }

  private Node wide(Node value) {
    return Ops.cast(value, network.precision().variableType());
  }
}
