package io.kalamos.golden;

import io.kalamos.engine.Assign;
import io.kalamos.engine.Backend;
import io.kalamos.engine.CompileOptions;
import io.kalamos.engine.Graph;
import io.kalamos.engine.Node;
import io.kalamos.engine.Program;
import io.kalamos.engine.Scalar;
import io.kalamos.engine.Verifier;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Runs graphs on the reference backend.
public final class Reference {
  private static final Backend BACKEND =
      Backend.all().stream().filter(b -> b.name().equals("java")).findFirst().orElseThrow();

  private Reference() {}

  /// The values of a node that depends on variables and constants only.
  public static double[] values(Node node) {
    try (Program program = program(outputs(node), List.of())) {
      program.run(new int[1], 0, 0);
      return program.output("value").toDoubles();
    }
  }

  public static double value(Node node) {
    return values(node)[0];
  }

  /// Runs updates once with these scalars.
  public static void update(List<Assign> assigns, Map<String, Double> scalars) {
    try (Program program = program(new LinkedHashMap<>(), assigns)) {
      Graph.order(assigns.stream().map(Assign::value).toList()).stream()
          .map(Node::op)
          .filter(Scalar.class::isInstance)
          .map(op -> ((Scalar) op).name())
          .forEach(name -> program.set(name, scalars.get(name)));
      program.run(new int[1], 0, 0);
    }
  }

  private static SequencedMap<String, Node> outputs(Node node) {
    SequencedMap<String, Node> outputs = new LinkedHashMap<>();
    outputs.put("value", node);
    return outputs;
  }

  private static Program program(SequencedMap<String, Node> outputs, List<Assign> assigns) {
    Graph graph = new Graph(outputs, assigns);
    List<String> problems = Verifier.problems(graph);
    if (!problems.isEmpty()) {
      throw new AssertionError(problems);
    }
    return BACKEND.compile(graph, CompileOptions.seeded(1));
  }
}
