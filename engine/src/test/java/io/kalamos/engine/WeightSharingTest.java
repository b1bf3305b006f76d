package io.kalamos.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightSharingTest {
  /// A step of a dense layer of `units` behind the mean square of what `after` makes of it.
  private static Graph step(int samples, int inputs, int units, UnaryOperator<Node> after) {
    Node x = Node.of(new Batch("x", Shape.of(samples, inputs), DType.FLOAT32));
    Variable kernel =
        new Variable("kernel", Tensor.zeros(DType.FLOAT32, Shape.of(inputs, units)), true);
    Node weights = Ops.parameter(kernel);
    Node loss = Ops.sumAll(Ops.square(after.apply(Ops.matmul(x, weights))));
    Node gradient = Gradients.of(loss, List.of(weights)).getFirst();
    return new Graph(
        new LinkedHashMap<>(Map.of("loss", loss)),
        List.of(new Assign(kernel, Ops.subtract(weights, gradient))));
  }

  private static List<Placement> marked(Graph graph) {
    Graph result = WeightSharing.mark(graph);
    Partition partition = Partition.of(result);
    List<Placement> placements = new ArrayList<>();
    for (Node node : result.order()) {
      if (node.op() instanceof MatMul product && product.byWeights()) {
        assertEquals(Placement.SPLIT, partition.domain(node));
        placements.add(partition.placement(node));
      }
    }
    return placements;
  }

  @Test
  void aLargeLayerGivesAddendsAndItsGradientIsCut() {
    List<Placement> both = List.of(Placement.PARTIAL, Placement.SPLIT);
    assertEquals(both, marked(step(64, 512, 64, Ops::relu)));
  }

  @ParameterizedTest
  @CsvSource({
    "64, 511, 64", // few weights
    "260, 512, 64", // many samples
  })
  void othersAreSharedBySamples(int samples, int inputs, int units) {
    Graph graph = step(samples, inputs, units, Ops::relu);
    assertSame(graph, WeightSharing.mark(graph));
  }

  @Test
  void readersThatLookAlongRowsNeedWholeSums() {
    assertEquals(List.of(), marked(step(64, 512, 64, Ops::softmax)));
  }
}
