package io.kalamos.models;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Tensor;
import io.kalamos.engine.Variable;
import io.kalamos.options.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// A user's training step while it is written into a graph.
final class WrittenStep implements TrainingStep.Step {
  /// A loss that the weights of an inner model follow.
  private record Claim(Node loss, Model part) {}

  /// Begins the names of results that only gradients are taken of.
  static final String MINIMIZE = "minimize/";

  private final Network network;
  private final Trace trace;
  private final boolean training;
  private final List<String> logs;
  private final List<Node> inputs;
  private final List<Node> targets;
  private final List<Optional<Node>> weights;
  private final SequencedMap<String, Node> figures = new LinkedHashMap<>();
  private final List<Claim> claims = new ArrayList<>();
  private List<Node> outputs = List.of();

  WrittenStep(
      Network network,
      Trace trace,
      boolean training,
      List<String> logs,
      List<Node> inputs,
      List<Node> targets,
      List<Optional<Node>> weights) {
    this.network = network;
    this.trace = trace;
    this.training = training;
    this.logs = logs;
    this.inputs = inputs;
    this.targets = List.copyOf(targets);
    this.weights = weights;
  }

  /// The graph's outputs: the loss with penalties, the figures, and the losses of inner models.
  SequencedMap<String, Node> results(TrainingStep step) {
    Node loss = number("loss", step.loss(this));
    for (Node penalty : trace.penalties()) {
      loss = Ops.add(loss, wide(penalty));
    }
    SequencedMap<String, Node> results = new LinkedHashMap<>();
    results.put(StepGraph.LOSS, loss.within("loss"));
    for (String name : logs) {
      if (!figures.containsKey(name)) {
        throw Refusal.of(
            "training step",
            "a value for each of logs=" + logs,
            "logged",
            List.copyOf(figures.keySet()),
            "Call step.log(\"" + name + "\", value), or leave the name out of logs.");
      }
      results.put(name, figures.get(name).within("metrics"));
    }
    for (int i = 0; i < claims.size(); i++) {
      results.put(claim(i), claims.get(i).loss().within("loss"));
    }
    return results;
  }

  private static String claim(int i) {
    return MINIMIZE + i;
  }

  /// The graph's output that a weight's gradient is taken of.
  String follows(Variable variable) {
    for (int i = claims.size() - 1; i >= 0; i--) {
      for (Tensor own : claims.get(i).part().weights().values()) {
        if (own == variable.value()) {
          return claim(i);
        }
      }
    }
    return StepGraph.LOSS;
  }

  @Override
  public boolean training() {
    return training;
  }

  @Override
  public List<Node> inputs() {
    return inputs;
  }

  @Override
  public List<Node> targets() {
    return targets;
  }

  @Override
  public Optional<Node> weights(int target) {
    return weights.isEmpty() ? Optional.empty() : weights.get(target);
  }

  @Override
  public List<Node> outputs() {
    if (outputs.isEmpty()) {
      outputs = trace.run(inputs);
    }
    return outputs;
  }

  @Override
  public List<Node> call(Model part, List<Node> inputs) {
    return trace.call(part.network(), inputs);
  }

  @Override
  public void minimize(Node loss, Model part) {
    network.pathOf(part.network());
    claims.add(new Claim(number("minimize", loss), part));
  }

  @Override
  public void log(String name, Node value) {
    if (!logs.contains(name)) {
      throw Problems.unknown("training step", "a name of Compilation.logs", "name", name, logs);
    }
    figures.put(name, number(name, value));
  }

  private Node number(String what, Node value) {
    if (value.shape().rank() > 1) {
      throw Refusal.of(
          "training step: " + what,
          "a single number, or one for each sample",
          "shape",
          value.shape(),
          "Use Ops.meanAll.");
    }
    return wide(value.shape().rank() == 0 ? value : Ops.meanAll(value));
  }

  private Node wide(Node value) {
    return Ops.cast(value, network.precision().variableType());
  }
}
