package io.kalamos.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The executable specification of a legal graph; tests run it after every pass.
public final class Verifier {
  private Verifier() {}

  /// What is wrong with a graph, one line each; empty where it is legal.
  public static List<String> problems(Graph graph) {
    List<String> problems = new ArrayList<>();
    Map<String, Batch> inputs = new HashMap<>();
    for (Node node : graph.order()) {
      String where = node.scope() + " " + node;
      if (!node.op().shape(node.inputs()).equals(node.shape())) {
        problems.add(where + ": the op gives shape " + node.op().shape(node.inputs()));
      }
      if (node.op().dtype(node.inputs()) != node.dtype()) {
        problems.add(where + ": the op gives type " + node.op().dtype(node.inputs()));
      }
      for (int size : node.shape().toArray()) {
        if (size == Shape.OPEN) {
          problems.add(where + ": a size is open");
        }
      }
      if (node.op() instanceof Batch input) {
        Batch first = inputs.putIfAbsent(input.name(), input);
        if (first != null && !first.equals(input)) {
          problems.add(where + ": two inputs named " + input.name());
        }
      }
      if (node.op() instanceof Op.Leaf && !node.inputs().isEmpty()) {
        problems.add(where + ": a leaf has inputs");
      }
    }
    Set<Variable> written = new HashSet<>();
    for (Assign assign : graph.assigns()) {
      if (!written.add(assign.variable())) {
        problems.add(assign.variable().path() + ": written twice in a step");
      }
    }
    return problems;
  }
}
