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
    Map<Node, List<Node>> arrived = new IdentityHashMap<>();
    arrived.put(loss, List.of(Ops.like(loss, 1)));
    for (Node node : order.reversed()) {
      List<Node> arrivals = arrived.get(node);
      if (arrivals == null || node.inputs().isEmpty() || !relevant.contains(node)) {
        continue;
      }
      Node upstream = sum(node, arrivals);
      arrived.put(node, List.of(upstream));
      List<Node> flows = node.op().gradient(node, upstream);
      for (int i = 0; i < flows.size(); i++) {
        Node input = node.input(i);
        if (flows.get(i) != null && relevant.contains(input)) {
          Node flow = flows.get(i).within(gradientScope(node));
          arrived.computeIfAbsent(input, key -> new ArrayList<>()).add(flow);
        }
      }
    }
    List<Node> results = new ArrayList<>();
    for (Node source : sources) {
      List<Node> arrivals = arrived.get(source);
      results.add(
          arrivals != null ? sum(source, arrivals) : Ops.fill(0, source.shape(), source.dtype()));
    }
    return results;
  }

  private static Node sum(Node node, List<Node> arrivals) {
    return Sums.of(arrivals, sum -> sum.within(gradientScope(node)));
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
