package io.kalamos.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reverse-mode differentiation: writes the gradients of a number as further nodes of its graph.
public final class Gradients {
  private Gradients() {}

  /// The gradients of `loss` (a single number) with respect to each of `sources`, in their order;
  /// zeros where the loss does not depend on a source.
  public static List<Node> of(Node loss, List<Node> sources) {
    if (loss.shape().rank() != 0) {
      throw new ShapeException(
          "gradients: expected a single number to differentiate, received shape="
              + loss.shape()
              + ". Sum or average it first.");
    }
    List<Node> order = Graph.order(List.of(loss));
    Set<Node> relevant = depending(order, sources);
    Map<Node, Node> gradients = new IdentityHashMap<>();
    gradients.put(loss, Ops.like(loss, 1));
    for (Node node : order.reversed()) {
      Node upstream = gradients.get(node);
      if (upstream == null || node.inputs().isEmpty() || !relevant.contains(node)) {
        continue;
      }
      List<Node> flows = node.op().gradient(node, upstream);
      for (int i = 0; i < flows.size(); i++) {
        Node input = node.input(i);
        if (flows.get(i) != null && relevant.contains(input)) {
          Node flow = flows.get(i).within(gradientScope(node));
          gradients.merge(input, flow, (a, b) -> Ops.add(a, b).within(gradientScope(input)));
        }
      }
    }
    List<Node> results = new ArrayList<>();
    for (Node source : sources) {
      Node gradient = gradients.get(source);
      results.add(gradient != null ? gradient : Ops.fill(0, source.shape(), source.dtype()));
    }
    return results;
  }

  private static String gradientScope(Node node) {
    return node.scope().isEmpty() || node.scope().endsWith("'") ? node.scope() : node.scope() + "'";
  }

  /// The nodes on a way from a source to the loss: only there gradients are worth writing.
  private static Set<Node> depending(List<Node> order, List<Node> sources) {
    Set<Node> relevant = Collections.newSetFromMap(new IdentityHashMap<>());
    relevant.addAll(sources);
    for (Node node : order) {
      if (node.inputs().stream().anyMatch(relevant::contains)) {
        relevant.add(node);
      }
    }
    return relevant;
  }
}
