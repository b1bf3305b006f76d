package io.kalamos.engine;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// A graph as text: one node a line, `%7 = relu(%6) float32(128, 10) dense`.
public final class Printer {
  private Printer() {}

  public static String print(Graph graph) {
    Map<Node, String> names = new IdentityHashMap<>();
    StringBuilder text = new StringBuilder();
    List<Node> order = graph.order();
    for (Node node : order) {
      String name = "%" + names.size();
      names.put(node, name);
      String inputs = node.inputs().stream().map(names::get).collect(Collectors.joining(", "));
      text.append(
              "%-5s = %-48s %s%s  %s%n"
                  .formatted(
                      name,
                      node.op().label() + (inputs.isEmpty() ? "" : "(" + inputs + ")"),
                      node.dtype(),
                      node.shape(),
                      node.scope())
                  .stripTrailing())
          .append('\n');
    }
    graph.outputs().forEach((name, node) -> text.append(name + " <- " + names.get(node) + "\n"));
    graph
        .assigns()
        .forEach(
            assign ->
                text.append(assign.variable().path() + " <- " + names.get(assign.value()) + "\n"));
    return text.toString();
  }
}
