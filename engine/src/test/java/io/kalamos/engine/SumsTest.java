package io.kalamos.engine;

import static io.kalamos.engine.Ops.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The number and kind of nodes that the gradient of an unrolled recurrence has.
class SumsTest {
  private static final int STEPS = 28;
  private static final int BATCH = 3;
  private static final int UNITS = 4;
  private static final Node W = parameter("w", UNITS, UNITS);
  private static final Node B = parameter("b", UNITS);

  private static Node parameter(String path, int... sizes) {
    return Ops.parameter(new Variable(path, Tensor.zeros(DType.FLOAT32, Shape.of(sizes)), true));
  }

  private static List<Node> gradients(int steps) {
    Node series = parameter("x", BATCH, steps, UNITS);
    Node state = parameter("s", BATCH, UNITS);
    List<Node> states = new ArrayList<>();
    for (Node step : split(series, 1, steps)) {
      Node input = reshape(step, Shape.of(BATCH, UNITS));
      state = tanh(add(input, add(matmul(state, W), B)));
      states.add(state);
    }
    return Gradients.of(sumAll(square(stack(1, states))), List.of(series, W, B));
  }

  private static long count(Node result, Class<? extends Op> kind) {
    return Graph.order(List.of(result)).stream().filter(node -> kind.isInstance(node.op())).count();
  }

  @Test
  void slicesSendBackOneConcatenation() {
    Node series = gradients(STEPS).getFirst();
    assertEquals(Concatenation.class, series.op().getClass());
    assertEquals(STEPS, series.inputs().size());
    assertEquals(0, count(series, Pad.class));
  }

  @Test
  void weightsReceiveOneProduct() {
    Node weights = gradients(STEPS).get(1);
    MatMul product = (MatMul) weights.op();
    assertTrue(product.transposeA());
    assertEquals(Shape.of(BATCH * STEPS, UNITS), weights.input(0).shape());
    assertEquals(2 * STEPS, count(weights, MatMul.class));
  }

  @Test
  void biasesReceiveOneSum() {
    Node bias = gradients(STEPS).get(2);
    assertEquals(Shape.of(BATCH * STEPS, UNITS), bias.input(0).input(0).shape());
    assertEquals(1, count(bias, Reduce.class));
  }

  @Test
  void nodesGrowWithTheSteps() {
    int ten = Graph.order(gradients(10)).size();
    int twenty = Graph.order(gradients(20)).size();
    int thirty = Graph.order(gradients(30)).size();
    assertEquals(twenty - ten, thirty - twenty);
    assertTrue(thirty < 30 * 20, () -> "nodes: " + thirty);
  }

  @Test
  void gapsStayZero() {
    Node x = parameter("x", BATCH, 6);
    Node y = add(sumAll(slice(x, 1, 1, 2)), sumAll(exp(slice(x, 1, 2, 4))));
    Node gradient = Gradients.of(y, List.of(x)).getFirst();
    assertEquals(new Pad(List.of(0, 1), List.of(0, 2)), gradient.op());
    assertEquals(Concatenation.class, gradient.input(0).op().getClass());
  }

  @Test
  void whatOverlapsIsAdded() {
    Node x = parameter("x", BATCH, 6);
    Node y = add(sumAll(slice(x, 1, 0, 3)), sumAll(exp(slice(x, 1, 2, 6))));
    Node gradient = Gradients.of(y, List.of(x)).getFirst();
    assertEquals(Binary.ADD, gradient.op());
  }
}
