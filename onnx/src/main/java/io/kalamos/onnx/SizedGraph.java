package io.kalamos.onnx;

import io.kalamos.engine.Batch;
import io.kalamos.engine.BroadcastTo;
import io.kalamos.engine.Convolution2DInputGradient;
import io.kalamos.engine.Fill;
import io.kalamos.engine.Graph;
import io.kalamos.engine.Literal;
import io.kalamos.engine.Node;
import io.kalamos.engine.Op;
import io.kalamos.engine.Reshaping;
import io.kalamos.engine.Rewriter;
import io.kalamos.engine.Rewrites;
import io.kalamos.engine.Rule;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Slice;
import io.kalamos.engine.Tensor;
import io.kalamos.engine.UniformRandom;
import io.kalamos.models.Model;
import io.kalamos.models.PredictionGraph;
import io.kalamos.options.Refusal;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A prediction's graph in which sizes are told as multiples of the batch.
///
/// Graphs have numbers for all sizes, and 24 may be the batch, or twice it, or neither. So the
/// model is written twice, for two batches: a size that is the same in both is a number, one that
/// grew with the batch a multiple of it, and anything else depends on the batch in a way that no
/// file with an open batch can say.
final class SizedGraph {
  /// Pairs of batches; several, since a rule may see a meaning where a layer has the same size by
  /// chance.
  private static final int[][] BATCHES = {{23, 29}, {31, 37}, {7, 11}};

  private static final String ALWAYS =
      "Write the layer so that no number in it depends on the batch size.";

  private final List<PredictionGraph.LeftOut> leftOut;
  private final Graph graph;
  private final List<Node> order;
  private final List<Node> outputs;
  private final Map<Node, Node> twins = new IdentityHashMap<>();
  private final int batch;
  private final int otherBatch;

  private SizedGraph(PredictionGraph written, PredictionGraph other, int batch, int otherBatch) {
    this.leftOut = written.leftOut();
    this.graph = simplified(written.graph());
    this.order = order(graph, leftOut);
    this.outputs =
        graph.outputs().entrySet().stream()
            .filter(output -> output.getKey().startsWith("output/"))
            .map(Map.Entry::getValue)
            .toList();
    this.batch = batch;
    this.otherBatch = otherBatch;
    List<Node> twinOrder = order(simplified(other.graph()), other.leftOut());
    for (int i = 0; i < Math.min(order.size(), twinOrder.size()); i++) {
      twins.put(order.get(i), twinOrder.get(i));
    }
  }

  /// What enters a layer that is left out comes before what comes out of it.
  private static List<Node> order(Graph graph, List<PredictionGraph.LeftOut> leftOut) {
    Set<Node> order = new LinkedHashSet<>();
    for (PredictionGraph.LeftOut layer : leftOut) {
      List<Node> entering = layer.inputs().stream().map(graph.outputs()::get).toList();
      order.addAll(Graph.order(entering));
    }
    order.addAll(graph.order());
    return List.copyOf(order);
  }

  /// The graph of a model's prediction, simplified, with biases inside products.
  static SizedGraph of(Model model) {
    Optional<IllegalArgumentException> misfit = Optional.empty();
    for (int[] pair : BATCHES) {
      PredictionGraph graph = model.predictionGraph(pair[0], RecurrentOps::has);
      PredictionGraph other = model.predictionGraph(pair[1], RecurrentOps::has);
      SizedGraph sized = new SizedGraph(graph, other, pair[0], pair[1]);
      misfit = sized.misfit();
      if (misfit.isEmpty()) {
        return sized;
      }
    }
    throw misfit.orElseThrow();
  }

  private static Graph simplified(Graph graph) {
    List<Rule> rules = new ArrayList<>(Rewrites.ALGEBRA);
    Rewrites.LOWERING.stream()
        .filter(rule -> rule.name().equals("bias into the product"))
        .forEach(rules::add);
    return Rewriter.apply(rules, graph);
  }

  /// The nodes, inputs before their users.
  List<Node> order() {
    return order;
  }

  /// The layers that are not written as operations.
  List<PredictionGraph.LeftOut> leftOut() {
    return leftOut;
  }

  /// What enters such a layer.
  List<Node> entering(PredictionGraph.LeftOut layer) {
    return layer.inputs().stream().map(graph.outputs()::get).toList();
  }

  /// The outputs in the model's order.
  List<Node> outputs() {
    return outputs;
  }

  /// The sizes of a node's axes.
  List<Size> sizes(Node node) {
    Shape twin = twins.get(node).shape();
    return IntStream.range(0, node.shape().rank())
        .mapToObj(axis -> size(node, node.shape().dim(axis), twin.dim(axis)))
        .toList();
  }

  private Size size(Node node, int size, int other) {
    if (size == other) {
      return Size.fixed(size);
    }
    int factor = size / batch;
    if (size % batch != 0 || other % otherBatch != 0 || other / otherBatch != factor) {
      throw refusal(node, "sizes that are fixed, or grow with the batch in proportion", ALWAYS);
    }
    return new Size(factor, true);
  }

  /// The range that a slice takes of an axis; empty where it takes the whole.
  Optional<int[]> cut(Node node, int axis) {
    Slice slice = (Slice) node.op();
    Slice twin = (Slice) twins.get(node).op();
    int from = slice.from().get(axis);
    int to = slice.to().get(axis);
    boolean whole =
        from == 0
            && to == node.input(0).shape().dim(axis)
            && twin.from().get(axis) == 0
            && twin.to().get(axis) == twins.get(node).input(0).shape().dim(axis);
    if (whole) {
      return Optional.empty();
    }
    if (twin.from().get(axis) != from || twin.to().get(axis) != to) {
      throw refusal(node, "slices of the same places for batches of any size", ALWAYS);
    }
    return Optional.of(new int[] {from, to});
  }

  /// The error for an operation that no file with an open batch has; numbers and the like are told
  /// by the operation that uses them.
  IllegalArgumentException refusal(Node node, String expected, String toDo) {
    Node user =
        node.op() instanceof Op.Leaf
            ? order.stream().filter(other -> other.inputs().contains(node)).findFirst().orElse(node)
            : node;
    String where = user.scope().isEmpty() ? "Onnx.save" : "Onnx.save: " + user.scope();
    return Refusal.of(where, expected, "op", node.op().label(), toDo);
  }

  /// The error for the first node that is another one for the other batch. As long as all nodes
  /// have equal ones, the graphs are equal.
  private Optional<IllegalArgumentException> misfit() {
    return order.stream()
        .filter(node -> !fits(node))
        .findFirst()
        .map(node -> refusal(node, "operations that are the same for batches of any size", ALWAYS));
  }

  private boolean fits(Node node) {
    Node twin = twins.get(node);
    return twin != null
        && alike(node.op(), twin.op())
        && node.shape().rank() == twin.shape().rank()
        && twin.inputs().equals(node.inputs().stream().map(twins::get).toList());
  }

  /// Whether two ops do the same, sizes apart.
  private static boolean alike(Op op, Op other) {
    return switch (op) {
      case Literal literal -> other instanceof Literal that && same(literal, that);
      case Fill fill ->
          other instanceof Fill that
              && fill.value() == that.value()
              && fill.dtype() == that.dtype();
      case Batch input ->
          other instanceof Batch that
              && input.name().equals(that.name())
              && input.dtype() == that.dtype();
      case UniformRandom random ->
          other instanceof UniformRandom that && random.stream() == that.stream();
      case Reshaping _ -> other instanceof Reshaping;
      case BroadcastTo _ -> other instanceof BroadcastTo;
      case Slice _ -> other instanceof Slice;
      case Convolution2DInputGradient widening ->
          other instanceof Convolution2DInputGradient that
              && widening.window().equals(that.window())
              && widening.groups() == that.groups();
      case Op any -> any.equals(other);
    };
  }

  private static boolean same(Literal literal, Literal other) {
    Tensor a = literal.tensor();
    Tensor b = other.tensor();
    return a.dtype() == b.dtype()
        && a.shape().equals(b.shape())
        && a.memory().mismatch(b.memory()) < 0;
  }

  /// The sizes of several values together, by the rules of broadcasting.
  List<Size> broadcast(Stream<Node> nodes) {
    List<Size> common = new ArrayList<>();
    nodes
        .map(this::sizes)
        .forEach(
            sizes -> {
              while (common.size() < sizes.size()) {
                common.addFirst(Size.fixed(1));
              }
              int ahead = common.size() - sizes.size();
              for (int axis = 0; axis < sizes.size(); axis++) {
                if (!sizes.get(axis).is(1)) {
                  common.set(ahead + axis, sizes.get(axis));
                }
              }
            });
    return common;
  }
}
