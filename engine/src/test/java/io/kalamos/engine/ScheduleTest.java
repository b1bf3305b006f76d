package io.kalamos.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private final Variable kernel =
      new Variable("kernel", Tensor.zeros(DType.FLOAT32, Shape.of(300, 200)), true);

  /// A kernel that the threads scale together, then a product of each thread's rows with it.
  private Node product() {
    Node x = Node.of(new Batch("x", Shape.of(64, 300), DType.FLOAT32));
    return Ops.matmul(x, Ops.multiply(Ops.parameter(kernel), 2));
  }

  private static int barriers(Graph graph, int threads) {
    return Schedule.of(graph, threads).units().stream().mapToInt(Unit::phase).max().orElseThrow();
  }

  private static Graph graph(Node result, List<Assign> assigns) {
    return new Graph(new LinkedHashMap<>(Map.of("y", result)), assigns);
  }

  @Test
  void oneThreadWaitsForNobody() {
    Graph graph = graph(product(), List.of());
    assertEquals(1, barriers(graph, 2));
    assertEquals(0, barriers(graph, 1));
  }

  /// The old value is read before.
  @Test
  void aVariableIsWrittenInAPhaseOfItsOwn() {
    Node product = product();
    Assign update = new Assign(kernel, Ops.multiply(Ops.parameter(kernel), 0.5));
    Graph graph = graph(product, List.of(update));
    assertEquals(1, barriers(graph, 2));
    assertEquals(1, barriers(graph, 1));
  }
}
