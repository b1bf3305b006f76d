package io.kalamos.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Marks the products of dense layers that the threads share by weights rather than by samples.
///
/// Threads that share the samples each read all weights, write a gradient as large, and read the
/// gradients of the others. Where a layer has many inputs it is cheaper that each thread takes some
/// of the inputs: it alone reads, differentiates and updates their weights, which stay in its
/// cache. Threads then hand each other the layer's inputs and addends of its outputs, which are
/// smaller.
public final class WeightSharing {
  /// Fewer weights are not worth two more barriers.
  private static final long WEIGHTS = 1 << 15;

  /// So many samples for each unit of the layer, and its inputs are larger than its weights.
  private static final int SAMPLES_PER_UNIT = 4;

  private final Map<Node, List<Node>> consumers = new IdentityHashMap<>();
  private final Set<Node> marked = Collections.newSetFromMap(new IdentityHashMap<>());
  private final int batch;

  private WeightSharing(Graph graph) {
    batch = Partition.batch(graph.order());
    for (Node node : graph.order()) {
      for (Node input : node.inputs()) {
        consumers.computeIfAbsent(input, key -> new ArrayList<>()).add(node);
      }
    }
    for (Node sink : graph.sinks()) {
      consumers.computeIfAbsent(sink, key -> new ArrayList<>()).add(sink);
    }
    for (Node node : graph.order()) {
      if (isLarge(node)) {
        List<Node> gradients = gradients(node);
        if (!gradients.isEmpty()) {
          marked.add(node);
          marked.addAll(gradients);
        }
      }
    }
  }

  /// The graph with such products marked, before anything joins them.
  public static Graph mark(Graph graph) {
    WeightSharing sharing = new WeightSharing(graph);
    if (sharing.marked.isEmpty()) {
      return graph;
    }
    Map<Node, Node> made = new IdentityHashMap<>();
    for (Node node : graph.order()) {
      List<Node> inputs = node.inputs().stream().map(made::get).toList();
      made.put(
          node,
          sharing.marked.contains(node)
              ? Node.of(((MatMul) node.op()).sharedByWeights(), inputs).within(node.scope())
              : node.withInputs(inputs));
    }
    return graph.map(made::get);
  }

  /// A layer's product of samples and weights, to which only arithmetic by elements follows.
  private boolean isLarge(Node node) {
    if (!(node.op() instanceof MatMul product)
        || product.transposeA()
        || product.transposeB()
        || node.shape().rank() != 2) {
      return false;
    }
    Node samples = node.input(0);
    Node weights = node.input(1);
    return samples.shape().dim(0) == batch
        && weights.op() instanceof Parameter
        && weights.dtype() == DType.FLOAT32
        && samples.dtype() == DType.FLOAT32
        && weights.shape().size() >= WEIGHTS
        && batch <= SAMPLES_PER_UNIT * weights.shape().dim(1)
        && consumers.getOrDefault(node, List.of()).stream()
            .allMatch(reader -> reader != node && staysInRows(reader, node));
  }

  private static boolean staysInRows(Node reader, Node product) {
    return reader.op().elementwise() && reader.shape().equals(product.shape());
  }

  /// The products that give the gradient of a layer's weights, or of others as large over the same
  /// samples.
  private List<Node> gradients(Node layer) {
    Node samples = layer.input(0);
    return consumers.get(samples).stream()
        .filter(
            reader ->
                reader.op() instanceof MatMul product
                    && product.transposeA()
                    && !product.transposeB()
                    && reader.input(0) == samples
                    && reader.shape().equals(layer.input(1).shape()))
        .toList();
  }
}
