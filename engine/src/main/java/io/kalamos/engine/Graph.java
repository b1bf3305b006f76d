package io.kalamos.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/// What one step computes: named results and updates of variables, with everything they need.
public record Graph(SequencedMap<String, Node> outputs, List<Assign> assigns) {
  public Graph {
    outputs = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(outputs));
    assigns = List.copyOf(assigns);
  }

  /// A graph without updates.
  public static Graph of(String name, Node output) {
    return new Graph(new LinkedHashMap<>(Map.of(name, output)), List.of());
  }

  /// The nodes that nothing in the graph consumes: outputs, then updates.
  public List<Node> sinks() {
    List<Node> sinks = new ArrayList<>(outputs.values());
    assigns.forEach(assign -> sinks.add(assign.value()));
    return sinks;
  }

  /// All nodes, inputs before their users, in a fixed order that depends on the graph alone.
  public List<Node> order() {
    return order(sinks());
  }

  /// All nodes above `sinks`, inputs before their users.
  public static List<Node> order(List<Node> sinks) {
    record Visit(Node node, boolean inputsDone) {}
    List<Node> order = new ArrayList<>();
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Visit> stack = new ArrayDeque<>();
    sinks.reversed().forEach(sink -> stack.push(new Visit(sink, false)));
    while (!stack.isEmpty()) {
      Visit visit = stack.pop();
      if (visit.inputsDone) {
        order.add(visit.node);
      } else if (seen.add(visit.node)) {
        stack.push(new Visit(visit.node, true));
        for (Node input : visit.node.inputs().reversed()) {
          stack.push(new Visit(input, false));
        }
      }
    }
    return order;
  }

  /// How often each node is consumed; an output or an update counts as a use.
  public Map<Node, Integer> uses() {
    Map<Node, Integer> uses = new IdentityHashMap<>();
    sinks().forEach(sink -> uses.merge(sink, 1, Integer::sum));
    for (Node node : order()) {
      node.inputs().forEach(input -> uses.merge(input, 1, Integer::sum));
    }
    return uses;
  }

  /// The same graph with every sink replaced.
  public Graph map(java.util.function.UnaryOperator<Node> replacement) {
    SequencedMap<String, Node> mapped = new LinkedHashMap<>();
    outputs.forEach((name, node) -> mapped.put(name, replacement.apply(node)));
    return new Graph(
        mapped,
        assigns.stream()
            .map(assign -> new Assign(assign.variable(), replacement.apply(assign.value())))
            .toList());
  }
}
