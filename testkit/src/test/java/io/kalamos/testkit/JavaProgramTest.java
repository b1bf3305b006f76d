package io.kalamos.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.engine.Assign;
import io.kalamos.engine.Batch;
import io.kalamos.engine.CompileOptions;
import io.kalamos.engine.DType;
import io.kalamos.engine.Graph;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Program;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.engine.Variable;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What programs of the plain Java backend do beside computing ops.
class JavaProgramTest {
  private static final Node X = Node.of(new Batch("x", Shape.of(2, 3), DType.FLOAT32));

  private static Program compile(Graph graph) {
    return OpTable.oracle().compile(graph, CompileOptions.seeded(1).threads(2));
  }

  @Test
  void updatesAreWrittenAfterAllReads() {
    Variable a = new Variable("a", Tensor.of(new float[] {1, 2}, 2), true);
    Variable b = new Variable("b", Tensor.of(new float[] {3, 4}, 2), true);
    Graph swap =
        new Graph(
            new LinkedHashMap<>(),
            List.of(new Assign(a, Ops.parameter(b)), new Assign(b, Ops.parameter(a))));
    try (Program program = compile(swap)) {
      program.run(new int[0], 0, 0);
    }
    assertArrayEquals(new float[] {3, 4}, a.value().toFloats());
    assertArrayEquals(new float[] {1, 2}, b.value().toFloats());
  }

  @Test
  void randomNumbersDependOnTheStepAlone() {
    Graph graph = Graph.of("y", Ops.randomUniform(Ops.fill(0, Shape.of(500), DType.FLOAT32), 4));
    try (Program one = compile(graph);
        Program two = compile(graph)) {
      one.run(new int[0], 0, 7);
      float[] first = one.output("y").toFloats();
      one.run(new int[0], 0, 8);
      assertTrue(first[0] != one.output("y").get(0));
      two.run(new int[0], 0, 7);
      assertArrayEquals(first, two.output("y").toFloats());
    }
  }

  @Test
  void explainsItsNodes() {
    try (Program program =
        OpTable.oracle()
            .compile(Graph.of("y", Ops.exp(X)), CompileOptions.seeded(1).profile(true))) {
      program.bind("x", Tensor.zeros(DType.FLOAT32, Shape.of(2, 3)));
      program.run(new int[] {0, 1}, 0, 0);
      String text = program.explain();
      assertTrue(text.contains("%1    = exp(%0)"), text);
      assertTrue(text.contains("24 bytes"), text);
      assertTrue(text.contains(" us"), text);
      assertEquals(48, program.bytes() - 4 * 64 * 512, text);
    }
  }

  @Test
  void saysWhatIsMissing() {
    try (Program program = compile(Graph.of("y", Ops.exp(X)))) {
      assertSays(
          "run: expected data for every input, received none for input=x. Call bind first.",
          () -> program.run(new int[] {0, 1}, 0, 0));
      program.bind("not read", Tensor.zeros(DType.FLOAT32, Shape.of(2, 3)));
      assertSays(
          "input x: expected rows of float32(3,), received data=float32(2, 4)."
              + " Reshape or convert the data.",
          () -> program.bind("x", Tensor.zeros(DType.FLOAT32, Shape.of(2, 4))));
      program.bind("x", Tensor.zeros(DType.FLOAT32, Shape.of(2, 3)));
      assertSays(
          "run: expected 2 rows, received rows.length=3 and from=2."
              + " Use a program of the size of this batch.",
          () -> program.run(new int[3], 2, 0));
      assertSays(
          "input x: expected rows 0 to 1 of the data float32(2, 3), received row=2."
              + " Pick rows that exist.",
          () -> program.run(new int[] {0, 2}, 0, 0));
      assertSays(
          "set: expected one of [], received scalar=rate. Use a name of the graph.",
          () -> program.set("rate", 1));
      assertSays(
          "output: expected one of [y], received name=loss. Use a name of the graph.",
          () -> program.output("loss"));
    }
  }

  private static void assertSays(String message, Runnable mistake) {
    assertEquals(message, assertThrows(RuntimeException.class, mistake::run).getMessage());
  }
}
