package io.kalamos.engine;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FusionTest {
  private static Node parameter(String name, int... sizes) {
    return Ops.parameter(new Variable(name, Tensor.zeros(DType.FLOAT32, Shape.of(sizes)), true));
  }

  /// A step of one direction and the opposite step of the other read the same slice, so they are
  /// siblings; of two such pairs, each would wait for the other.
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 9})
  void noUnitWaitsForItselfWhereTwoDirectionsMeet(int time) {
    Node x = parameter("x", 3, time, 2);
    Node there = parameter("there", 2, 2);
    Node back = parameter("back", 2, 2);
    List<Node> slices = new ArrayList<>();
    for (int t = 0; t < time; t++) {
      slices.add(Ops.reshape(Ops.slice(x, 1, t, t + 1), Shape.of(3, 2)));
    }
    Node forward = Ops.stack(1, steps(slices, there));
    Node backward = Ops.stack(1, steps(slices.reversed(), back));
    Node y = Ops.add(forward, Ops.reverse(backward, 1));
    Node loss = Ops.sumAll(Ops.square(y));
    List<Node> gradients = Gradients.of(loss, List.of(x, there, back));
    Graph graph =
        new Graph(
            new LinkedHashMap<>(Map.of("y", y, "x", gradients.get(0), "w", gradients.get(1))),
            List.of());

    Schedule schedule = Schedule.of(graph, 2);

    List<Unit> done = new ArrayList<>();
    for (Unit unit : schedule.units()) {
      done.add(unit);
      for (Node node : unit.nodes()) {
        for (Node input : node.inputs()) {
          Unit producer = schedule.unitOf(input);
          assertTrue(
              producer == null || done.contains(producer),
              () -> node + " comes before its input " + input);
        }
      }
    }
    assertFalse(done.isEmpty());
  }

  private static List<Node> steps(List<Node> inputs, Node kernel) {
    List<Node> states = new ArrayList<>();
    for (Node input : inputs) {
      Node sum = states.isEmpty() ? input : Ops.add(input, Ops.matmul(states.getLast(), kernel));
      states.add(Ops.tanh(sum));
    }
    return states;
  }
}
