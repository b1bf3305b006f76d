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
import io.kalamos.losses.Loss;
import io.kalamos.losses.SampleWeights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

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

  /// Predictions alone, by the outputs' names.
  static Graph prediction(Network network, Signature signature) {
    List<Node> outputs = new Trace(network, false).run(inputs(network, signature));
    SequencedMap<String, Node> results = new LinkedHashMap<>();
    for (int i = 0; i < outputs.size(); i++) {
      Node output = outputs.get(i);
      boolean narrow = output.dtype() == DType.BFLOAT16;
      results.put("output/" + i, narrow ? Ops.cast(output, DType.FLOAT32) : output);
    }
    return Rewriter.apply(Rewrites.ALGEBRA, simplified(new Graph(results, List.of())));
  }

  /// Loss and metrics without training.
  Graph evaluation() {
    Trace trace = new Trace(network, false);
    List<Node> outputs = trace.run(inputs(network, signature));
    return Rewriter.apply(
        Rewrites.ALGEBRA, simplified(new Graph(results(trace, outputs), List.of())));
  }

  /// The whole step: loss, metrics, gradients, new weights.
  Graph training(Slots slots) {
    Trace trace = new Trace(network, true);
    List<Node> outputs = trace.run(inputs(network, signature));
    Graph forward = simplified(new Graph(results(trace, outputs), trace.updates()));
    List<Node> parameters = new ArrayList<>();
    for (Node node : forward.order()) {
      if (node.op() instanceof Parameter(Variable variable) && network.trainable(variable)) {
        parameters.add(node);
      }
    }
    Updates updates = new Updates(compilation.optimizer(), slots, trace.constraints());
    Node objective = updates.objective(forward.outputs().get(LOSS));
    List<Assign> assigns = new ArrayList<>(forward.assigns());
    assigns.addAll(updates.of(parameters, Gradients.of(objective, parameters)));
    return Rewriter.apply(Rewrites.ALGEBRA, new Graph(forward.outputs(), assigns));
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
