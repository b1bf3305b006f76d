package io.kalamos.javacpu;

import io.kalamos.engine.Graph;
import io.kalamos.engine.Node;
import io.kalamos.javacpu.Lowering.Step;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// A compiled graph as text: one node a line with its bytes, threads and time.
final class Listing {
  private Listing() {}

  static String of(Graph graph, Memory memory, List<Step> steps, long[] nanos, int runs) {
    Map<Node, Long> times = new IdentityHashMap<>();
    Map<Node, Integer> parts = new IdentityHashMap<>();
    for (int i = 0; i < steps.size(); i++) {
      times.merge(steps.get(i).node(), nanos[i], Long::sum);
      parts.put(steps.get(i).node(), steps.get(i).parts());
    }
    Map<Node, String> names = new IdentityHashMap<>();
    StringBuilder text = new StringBuilder();
    for (Node node : graph.order()) {
      String name = "%" + names.size();
      names.put(node, name);
      String inputs = node.inputs().stream().map(names::get).collect(Collectors.joining(", "));
      String line =
          "%-5s = %-44s %-28s %12d bytes  %d thread(s)%s  %s"
              .formatted(
                  name,
                  node.op().label() + (inputs.isEmpty() ? "" : "(" + inputs + ")"),
                  node.dtype() + node.shape().toString(),
                  node.shape().size() * node.dtype().bytes(),
                  parts.getOrDefault(node, 0),
                  runs == 0
                      ? ""
                      : " %10.1f us".formatted(times.getOrDefault(node, 0L) / 1e3 / runs),
                  node.scope());
      text.append(line.stripTrailing()).append('\n');
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
