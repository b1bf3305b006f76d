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
import io.kalamos.metrics.Metric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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

  static String target(Network network, int i) {
    return "target/" + network.outputName(i);
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

  private SequencedMap<String, Node> results(Trace trace, List<Node> outputs) {
    SequencedMap<String, Node> results = new LinkedHashMap<>();
    List<Node> losses = new ArrayList<>();
    List<Node> targets = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      Signature.Feed feed = signature.y().get(i);
      Node target = feed(target(network, i), feed, signature.batch());
      if (feed.dtype().floating()) {
        target = Ops.cast(target, network.precision().variableType());
      }
      targets.add(target);
      Loss loss = compilation.losses().get(i);
      losses.add(
          wide(loss.weighted(target, outputs.get(i), Optional.empty(), mask(trace, i)))
              .within("loss"));
    }
    Node total = losses.getFirst();
    for (Node more : losses.subList(1, losses.size())) {
      total = Ops.add(total, more);
    }
    for (Node penalty : trace.penalties()) {
      total = Ops.add(total, wide(penalty));
    }
    results.put(LOSS, total.within("loss"));
    for (int i = 0; i < outputs.size(); i++) {
      if (outputs.size() > 1) {
        results.put(Logs.loss(network, i), losses.get(i));
      }
      for (Metric metric : compilation.metrics()) {
        String name = Logs.metric(network, compilation, i, metric);
        metric
            .update(targets.get(i), outputs.get(i), mask(trace, i))
            .forEach((part, node) -> results.put(name + "/" + part, node.within("metrics")));
      }
    }
    return results;
  }

  /// Which time steps of an output count.
  private Optional<Node> mask(Trace trace, int output) {
    return trace.mask(network.topology().outputs().get(output));
  }

  private Node wide(Node value) {
    return Ops.cast(value, network.precision().variableType());
  }
}
