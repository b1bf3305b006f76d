package io.kalamos.onednn;

import io.kalamos.engine.Assign;
import io.kalamos.engine.BroadcastTo;
import io.kalamos.engine.Cast;
import io.kalamos.engine.Convolution2DKernelGradient;
import io.kalamos.engine.DType;
import io.kalamos.engine.Fill;
import io.kalamos.engine.GatherGradient;
import io.kalamos.engine.Graph;
import io.kalamos.engine.MatMul;
import io.kalamos.engine.MaxPool2DGradient;
import io.kalamos.engine.Node;
import io.kalamos.engine.Op;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Partition;
import io.kalamos.engine.Placement;
import io.kalamos.engine.Reduce;
import io.kalamos.engine.Reshaping;
import io.kalamos.engine.Rewriter;
import io.kalamos.engine.Rewrites;
import io.kalamos.engine.Rule;
import io.kalamos.engine.Schedule;
import io.kalamos.engine.ShapeException;
import io.kalamos.engine.WeightSharing;
import io.kalamos.kernels.KernelCompiler;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Brings a graph into the form that the plan is made from: composed ops written out, biases and
/// activations inside the products, odd repetitions explicit, results and updates in nodes of their
/// own.
final class Preparation {
  private Preparation() {}

  private static final List<Rule> EXPLICIT_REPETITION =
      List.of(
          new Rule(
              "explicit repetition",
              "f(x, y) = f(broadcast x, broadcast y) where one pass cannot index both",
              (node, uses) -> {
                boolean odd =
                    node.op().elementwise()
                        && !(node.op() instanceof BroadcastTo)
                        && !node.inputs().isEmpty()
                        && !Schedule.onePass(node);
                return odd ? repeated(node) : null;
              }));

  /// The workspace of the pooling tells where the maxima were: the pictures need not be kept.
  private static final List<Rule> FORGET_PICTURES =
      List.of(
          new Rule(
              "forget the pictures",
              "the gradient of max pooling reads the workspace, not the pictures",
              (node, uses) ->
                  node.op() instanceof MaxPool2DGradient && !(node.input(0).op() instanceof Fill)
                      ? Node.of(
                          node.op(),
                          Ops.fill(0, node.shape(), node.dtype()),
                          node.input(1),
                          node.input(2))
                      : null));

  /// Products read memory: constants and random numbers have none until they are copied, and of a
  /// sum over the batch each thread has only an addend.
  private static Graph operandsInMemory(Graph graph) {
    Partition partition = Partition.of(graph);
    Map<Node, Node> made = new IdentityHashMap<>();
    Map<Node, Node> copies = new IdentityHashMap<>();
    for (Node node : graph.order()) {
      boolean product =
          !Schedule.onePass(node)
              && !(node.op() instanceof Reshaping)
              && !(node.op() instanceof MaxPool2DGradient);
      List<Node> inputs = new ArrayList<>();
      for (Node input : node.inputs()) {
        Node operand = made.get(input);
        boolean data =
            node.op() instanceof MatMul matmul && matmul.ofData() && input == node.input(0);
        boolean missing = product && !data && !inMemory(partition.placement(input));
        inputs.add(missing ? copies.computeIfAbsent(input, key -> copy(operand)) : operand);
      }
      made.put(node, node.withInputs(inputs));
    }
    return graph.map(made::get);
  }

  private static boolean inMemory(Placement placement) {
    return switch (placement) {
      case HOST, INLINE, PARTIAL -> false;
      case SHARED, SHARDED, WHOLE, REPLICATED, SPLIT, SOLO -> true;
    };
  }

  private static Node repeated(Node node) {
    return Node.of(
        node.op(),
        node.inputs().stream()
            .map(input -> input.shape().size() == 1 ? input : Ops.broadcastTo(input, node.shape()))
            .toList());
  }

  /// @param threads that share the work
  static Graph prepare(Graph graph, int threads, Isa isa, KernelCompiler compiler) {
    Graph simple = Rewriter.apply(Rewrites.ALGEBRA, graph);
    if (isa.nativeBf16() && !isa.amx()) {
      simple = Rewriter.apply(Rewrites.ALGEBRA, WideConvolutions.widen(simple, compiler, threads));
    }
    Graph marked = threads > 1 ? WeightSharing.mark(simple) : simple;
    Graph grouped =
        isa.avx512()
            ? Rewriter.apply(List.of(PixelGroups.rule(compiler, threads)), marked)
            : marked;
    grouped = Rewriter.apply(List.of(SpaceToDepth.RULE, DepthMultiplier.RULE), grouped);
    Graph lowered = Rewriter.apply(Rewrites.LOWERING, grouped);
    Graph tidy = Rewriter.apply(Rewrites.ALGEBRA, lowered);
    Graph explicit = Rewriter.apply(FORGET_PICTURES, Rewriter.apply(EXPLICIT_REPETITION, tidy));
    explicit = DataReading.mark(explicit, compiler, threads);
    explicit = operandsInMemory(explicit);
    check(explicit);
    Map<Node, Integer> uses = explicit.uses();
    SequencedMap<String, Node> outputs = new LinkedHashMap<>();
    explicit
        .outputs()
        .forEach((name, node) -> outputs.put(name, isWhole(node) ? node : copy(node)));
    List<Assign> assigns =
        explicit.assigns().stream()
            .map(
                assign ->
                    ownedUpdate(assign.value(), uses)
                        ? assign
                        : new Assign(assign.variable(), copy(assign.value())))
            .toList();
    return new Graph(outputs, assigns);
  }

  private static void check(Graph graph) {
    for (Node node : graph.order()) {
      if (node.dtype() == DType.FLOAT64) {
        throw new ShapeException(
            "onednn backend: expected float32 or bfloat16 arithmetic, received "
                + node.scope()
                + " "
                + node
                + ". Use the java backend for float64.");
      }
    }
  }

  private static Node copy(Node node) {
    return Node.of(new Cast(node.dtype()), node);
  }

  /// Whether a result needs no adding up over threads and is not somebody's memory.
  private static boolean isWhole(Node node) {
    return switch (Partition.source(node).op()) {
      case Reduce _, Convolution2DKernelGradient _, GatherGradient _, Op.Leaf _ -> false;
      case MatMul product when product.byWeights() -> false;
      case MatMul product -> !product.transposeA() || Partition.source(node).shape().rank() > 2;
      case Op _ -> true;
    };
  }

  /// Whether a kernel computes the new value for this update alone and can write it in place.
  private static boolean ownedUpdate(Node value, Map<Node, Integer> uses) {
    Node node = value;
    while (uses.get(node) == 1 && node != Partition.source(node)) {
      node = node.input(0);
    }
    return uses.get(node) == 1 && node.op().elementwise();
  }
}
