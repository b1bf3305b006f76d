package io.kalamos.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// Applies a table of rules to a graph, inputs first, until none applies; equal nodes become one.
public final class Rewriter {
  private final List<Rule> rules;
  private final Map<Node, Integer> uses;
  private final Map<Node, Node> replaced = new IdentityHashMap<>();
  private final Map<Application, Node> known = new HashMap<>();

  private Rewriter(List<Rule> rules, Map<Node, Integer> uses) {
    this.rules = rules;
    this.uses = uses;
  }

  /// The rewritten graph.
  public static Graph apply(List<Rule> rules, Graph graph) {
    Rewriter rewriter = new Rewriter(rules, graph.uses());
    graph.order().forEach(rewriter::rewrite);
    return graph.map(rewriter.replaced::get);
  }

  private void rewrite(Node node) {
    Node result = simplified(unique(node.withInputs(inputs(node))), uses.getOrDefault(node, 1));
    replaced.put(node, result);
  }

  private List<Node> inputs(Node node) {
    List<Node> inputs = new ArrayList<>(node.inputs().size());
    node.inputs().forEach(input -> inputs.add(replaced.get(input)));
    return inputs;
  }

  private Node simplified(Node node, int count) {
    uses.putIfAbsent(node, count);
    for (Rule rule : rules) {
      Node better = rule.step().apply(node, n -> uses.getOrDefault(n, 1));
      if (better != null) {
        better.within(node.scope());
        return simplified(deeply(better), count);
      }
    }
    return node;
  }

  /// A rule may write several nodes; those that are new are rewritten in turn.
  private Node deeply(Node node) {
    if (uses.containsKey(node) || node.inputs().isEmpty()) {
      return unique(node);
    }
    List<Node> inputs = new ArrayList<>();
    for (Node input : node.inputs()) {
      inputs.add(uses.containsKey(input) ? input : simplified(deeply(input), 1));
    }
    return unique(node.withInputs(inputs));
  }

  /// The first node that applies this op to these inputs.
  private Node unique(Node node) {
    return known.computeIfAbsent(new Application(node.op(), node.inputs()), key -> node);
  }

  /// An op and its inputs by identity.
  ///
  /// What tells applications apart quickly comes first: the JVM writes the code of a record's own
  /// `hashCode` and `equals` at its first use, which all ops together would make felt at start.
  private record Application(Op op, List<Node> inputs) {
    @Override
    public int hashCode() {
      return inputs.isEmpty() ? op.hashCode() : 31 * inputs.hashCode() + op.getClass().hashCode();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Application that && inputs.equals(that.inputs) && op.equals(that.op);
    }
  }
}
