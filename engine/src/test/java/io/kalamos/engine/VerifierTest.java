package io.kalamos.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Each problem that a graph can be built with; wrong shapes and types cannot, as nodes compute
/// theirs from the op.
class VerifierTest {
  private static final Node X = input("x", Shape.of(2, 3), DType.FLOAT32);

  private static Node input(String name, Shape shape, DType dtype) {
    return Node.of(new Batch(name, shape, dtype));
  }

  @Test
  void aLegalGraphHasNone() {
    assertEquals(List.of(), Verifier.problems(Graph.of("y", Ops.relu(Ops.add(X, 1)))));
  }

  @Test
  void anOpenSize() {
    Node open = input("x", Shape.of(Shape.OPEN, 3), DType.FLOAT32);
    assertEquals(
        List.of(" Input x: float32(None, 3): a size is open"),
        Verifier.problems(Graph.of("y", open)));
  }

  @Test
  void twoInputsOfOneName() {
    Node other = Ops.cast(input("x", Shape.of(2, 3), DType.UINT8), DType.FLOAT32);
    assertEquals(
        List.of(" Input x: uint8(2, 3): two inputs named x"),
        Verifier.problems(Graph.of("y", Ops.add(X, other))));
  }

  @Test
  void aLeafWithInputs() {
    Node leaf = Node.of(new Fill(1, Shape.of(2), DType.FLOAT32), X);
    assertEquals(
        List.of(" Fill 1.0: float32(2,): a leaf has inputs"),
        Verifier.problems(Graph.of("y", leaf)));
  }

  @Test
  void aVariableWrittenTwice() {
    Variable variable = new Variable("w", Tensor.zeros(DType.FLOAT32, Shape.of(2, 3)), true);
    Graph graph =
        new Graph(new LinkedHashMap<>(), List.of(new Assign(variable, X), new Assign(variable, X)));
    assertEquals(List.of("w: written twice in a step"), Verifier.problems(graph));
  }
}
