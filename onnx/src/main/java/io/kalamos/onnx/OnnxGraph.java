package io.kalamos.onnx;

import io.kalamos.options.Refusal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;

/// The graph of a file after it was checked: every value has one origin, every origin comes before
/// its users, every operator is one of ours. What no output needs is left out.
///
/// @param opset the version of ONNX's operators
/// @param constants the initializers
/// @param inputs without those that initializers fill or that no output needs
record OnnxGraph(
    int opset,
    List<NodeProto> nodes,
    SequencedMap<String, Value.Known> constants,
    List<ValueInfoProto> inputs,
    List<String> outputs) {
  private static final int MOST_NODES = 20_000;
  private static final int SHOWN = 20;

  /// Checks a file's graph.
  ///
  /// @param wanted names of values instead of the graph's outputs; empty for these
  static OnnxGraph of(ModelProto model, List<String> wanted) {
    GraphProto graph = model.graph();
    int opset = opset(model);
    if (graph.nodes().size() > MOST_NODES) {
      throw refusal(
          "at most " + MOST_NODES + " nodes",
          "nodes",
          graph.nodes().size(),
          "Simplify the model before it is exported.");
    }
    SequencedMap<String, Value.Known> constants = constants(graph);
    List<ValueInfoProto> inputs =
        graph.inputs().stream().filter(input -> !constants.containsKey(input.name())).toList();
    List<String> outputs =
        wanted.isEmpty() ? graph.outputs().stream().map(ValueInfoProto::name).toList() : wanted;
    Map<String, NodeProto> origins = origins(graph, constants, inputs);
    List<NodeProto> nodes = ordered(origins, constants, inputs, outputs);
    claimed(nodes);
    Set<String> used = new HashSet<>(outputs);
    nodes.forEach(node -> used.addAll(node.inputs()));
    List<ValueInfoProto> needed =
        inputs.stream().filter(input -> used.contains(input.name())).toList();
    if (outputs.isEmpty() || needed.isEmpty()) {
      throw refusal(
          "an output or more that depend on an input",
          "inputs, outputs",
          needed.size() + ", " + outputs.size(),
          "The file holds no network; export it again.");
    }
    return new OnnxGraph(opset, nodes, constants, needed, outputs);
  }

  private static IllegalArgumentException refusal(
      String expected, String name, Object value, String todo) {
    return Refusal.of("ONNX graph", expected, name, value, todo);
  }

  private static int opset(ModelProto model) {
    Long version = model.opsets().getOrDefault("", model.opsets().get("ai.onnx"));
    if (version == null || version < Operators.FIRST || version > Operators.LAST) {
      throw refusal(
          "operators of opset " + Operators.FIRST + " to " + Operators.LAST,
          "opset",
          version == null ? "none" : version,
          "Export the model with opset_version=18.");
    }
    return Math.toIntExact(version);
  }

  private static SequencedMap<String, Value.Known> constants(GraphProto graph) {
    SequencedMap<String, Value.Known> constants = new LinkedHashMap<>();
    for (TensorProto tensor : graph.initializers()) {
      Value.Known known = Tensors.known("ONNX graph", tensor);
      if (tensor.name().isEmpty() || constants.put(tensor.name(), known) != null) {
        throw refusal(
            "a name of its own for each initializer",
            "name",
            Names.shown(tensor.name()),
            "The file is damaged; export it again.");
      }
    }
    return constants;
  }

  /// Which node makes a value; each value is made once.
  private static Map<String, NodeProto> origins(
      GraphProto graph, Map<String, Value.Known> constants, List<ValueInfoProto> inputs) {
    Set<String> names = new HashSet<>(constants.keySet());
    for (ValueInfoProto input : inputs) {
      if (input.name().isEmpty() || !names.add(input.name())) {
        throw twice(input.name());
      }
    }
    Map<String, NodeProto> origins = new HashMap<>();
    for (NodeProto node : graph.nodes()) {
      for (String output : node.outputs()) {
        if (!output.isEmpty() && !names.add(output)) {
          throw twice(output);
        }
        origins.put(output, node);
      }
    }
    origins.remove("");
    return origins;
  }

  private static IllegalArgumentException twice(String name) {
    return refusal(
        "one origin for each value",
        "value",
        Names.shown(name),
        "The file is damaged; export it again.");
  }

  /// The nodes that the outputs need, each behind what it needs itself.
  private static List<NodeProto> ordered(
      Map<String, NodeProto> origins,
      Map<String, Value.Known> constants,
      List<ValueInfoProto> inputs,
      List<String> outputs) {
    Set<String> given = new HashSet<>(constants.keySet());
    inputs.forEach(input -> given.add(input.name()));
    record Visit(String value, NodeProto node, boolean ready) {}
    Map<NodeProto, Boolean> done = new IdentityHashMap<>();
    List<NodeProto> order = new ArrayList<>();
    Deque<Visit> stack = new ArrayDeque<>();
    for (String output : outputs.reversed()) {
      stack.push(new Visit(output, origin(output, "output", origins, given), false));
    }
    while (!stack.isEmpty()) {
      Visit visit = stack.pop();
      NodeProto node = visit.node();
      if (node == null) {
        continue;
      }
      if (visit.ready()) {
        done.put(node, true);
        order.add(node);
        continue;
      }
      Boolean state = done.putIfAbsent(node, false);
      if (state != null) {
        if (!state) {
          throw refusal(
              "nodes without a circle",
              "circle",
              "through " + Site.where(node),
              "The file is damaged; export it again.");
        }
        continue;
      }
      stack.push(new Visit(visit.value(), node, true));
      for (String input : node.inputs().reversed()) {
        if (!input.isEmpty()) {
          stack.push(new Visit(input, origin(input, Site.where(node), origins, given), false));
        }
      }
    }
    return order;
  }

  /// The node that makes a value; null for an input or a constant.
  private static NodeProto origin(
      String value, String user, Map<String, NodeProto> origins, Set<String> given) {
    NodeProto node = origins.get(value);
    if (node == null && !given.contains(value)) {
      throw refusal(
          "values that the graph makes for " + user,
          "value",
          Names.shown(value),
          user.equals("output")
              ? "Name a value of the file."
              : "The file is damaged; export it again.");
    }
    return node;
  }

  /// One error for all operators that are not read.
  private static void claimed(List<NodeProto> nodes) {
    Map<String, Set<String>> missing = new TreeMap<>();
    for (NodeProto node : nodes) {
      String operator = Site.operator(node);
      if (Operators.of(operator).isEmpty()) {
        String name = node.name().isEmpty() ? String.join(",", node.outputs()) : node.name();
        missing
            .computeIfAbsent(Names.shown(operator), key -> new LinkedHashSet<>())
            .add(Names.shown(name));
      }
    }
    if (!missing.isEmpty()) {
      StringBuilder text = new StringBuilder();
      missing.forEach(
          (operator, names) ->
              text.append(text.isEmpty() ? "" : "; ")
                  .append(operator)
                  .append(" at ")
                  .append(String.join(", ", names.stream().limit(SHOWN).toList()))
                  .append(names.size() > SHOWN ? " and " + (names.size() - SHOWN) + " more" : ""));
      throw refusal(
          "operators that docs/onnx-support.md lists",
          "operators",
          text,
          "Export the model without them, or end it before with load.outputs(...).");
    }
  }
}
