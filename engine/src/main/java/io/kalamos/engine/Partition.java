package io.kalamos.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Decides for every node of a graph how the threads share it.
///
/// The batch is cut along the first axis. What stays inside a row stays in its thread; sums over
/// the batch become one addend per thread; arithmetic on weights is either repeated by every thread
/// (small, and needed by all) or cut by elements (updates, and everything large).
public final class Partition {
  /// From this size on arithmetic on weights is cut rather than repeated.
  private static final long WORTH_CUTTING = 16_384;

  private final Map<Node, Placement> placements = new IdentityHashMap<>();
  private final Map<Node, List<Node>> consumers = new IdentityHashMap<>();

  /// Data, and what is computed of them, that products read without memory of their own.
  private final Set<Node> inPlace = Collections.newSetFromMap(new IdentityHashMap<>());

  private final int batch;

  private Partition(int batch) {
    this.batch = batch;
  }

  public static Partition of(Graph graph) {
    List<Node> order = graph.order();
    Partition partition = new Partition(batch(order));
    for (Node node : order) {
      for (Node input : node.inputs()) {
        partition.consumers.computeIfAbsent(input, key -> new ArrayList<>()).add(node);
      }
    }
    for (Node sink : graph.sinks()) {
      partition.consumers.computeIfAbsent(source(sink), key -> new ArrayList<>()).add(source(sink));
    }
    for (Node node : order) {
      if (node.op() instanceof MatMul product && product.ofData()) {
        partition.readInPlace(node.input(0));
      }
    }
    for (Node node : order) {
      boolean inPlace = partition.inPlace.contains(node);
      partition.placements.put(node, inPlace ? Placement.INLINE : partition.place(node));
    }
    partition.cutUpdates(graph, order);
    return partition;
  }

  private void readInPlace(Node operand) {
    inPlace.add(operand);
    operand.inputs().forEach(this::readInPlace);
  }

  /// Samples of the inputs of a graph; 1 where it has no inputs.
  public static int batch(List<Node> nodes) {
    return nodes.stream()
        .filter(node -> node.op() instanceof Batch)
        .mapToInt(node -> node.shape().dim(0))
        .findFirst()
        .orElse(1);
  }

  public Placement placement(Node node) {
    return placements.get(node);
  }

  /// The node whose memory a node shows: reshapes are views.
  public static Node source(Node node) {
    Node source = node;
    while (source.op() instanceof Reshaping) {
      source = source.input(0);
    }
    return source;
  }

  /// The placement of what a node computes over: for addends that of the inputs, unless they are
  /// cut by weights.
  public Placement domain(Node node) {
    Placement result = placement(node);
    if (result != Placement.PARTIAL) {
      return result;
    }
    if (isByWeights(node)) {
      return Placement.SPLIT;
    }
    return inputs(node).contains(Placement.SHARDED) ? Placement.SHARDED : Placement.SPLIT;
  }

  private Placement place(Node node) {
    if (!(node.op() instanceof Reshaping) && inputs(node).contains(Placement.WHOLE)) {
      return Placement.SOLO;
    }
    return switch (node.op()) {
      case Scalar _ -> Placement.HOST;
      case Fill fill -> fill.shape().rank() == 0 ? Placement.HOST : Placement.INLINE;
      case UniformRandom _ -> repeats(node) ? Placement.REPLICATED : Placement.INLINE;
      case Parameter _, Literal _ -> Placement.SHARED;
      case Batch _ -> Placement.SHARDED;
      case Reshaping _ -> placeView(node);
      case Unary _, Binary _, Select _, Cast _, BroadcastTo _ -> placeElementwise(node);
      case Reduce reduce -> placeReduce(node, reduce);
      case ArgMax _, RowSoftmax _, RowLogSoftmax _ ->
          node.shape().rank() > 1 ? rowwise(node.input(0)) : weights(node);
      case MatMul product -> placeMatMul(node, product);
      case Convolution2D _, Convolution2DInputGradient _ -> placeConvolution(node);
      case Convolution2DKernelGradient _ -> placeKernelGradient(node);
      case MaxPool2D _, MaxPool2DGradient _, AveragePool2D _, AveragePool2DGradient _ ->
          cutPictures(node) ? Placement.SHARDED : weights(node);
      case Transpose transpose ->
          transpose.order().getFirst() == 0 ? rowwise(node.input(0)) : weights(node);
      case Slice slice -> samples(node, slice.from().getFirst() == 0 && sameBatch(node));
      case Pad pad -> samples(node, pad.before().getFirst() == 0 && sameBatch(node));
      case Concatenation concatenation -> samples(node, concatenation.axis() > 0);
      case Gather _ -> placeGather(node);
      case GatherGradient _ ->
          inputs(node).equals(Set.of(Placement.SHARDED)) ? Placement.PARTIAL : weights(node);
    };
  }

  /// Under a shape of which the samples are not whole rows the threads cannot go on by themselves.
  private Placement placeView(Node view) {
    Placement memory = placement(source(view));
    boolean inRows = view.shape().rank() > 0 && view.shape().dim(0) % batch == 0;
    return memory == Placement.SHARDED && !inRows ? Placement.WHOLE : memory;
  }

  private static boolean sameBatch(Node node) {
    return node.shape().dim(0) == node.input(0).shape().dim(0);
  }

  /// What rearranges the insides of samples is cut by the batch; what mixes samples is not.
  private Placement samples(Node node, boolean apart) {
    return apart && inputs(node).contains(Placement.SHARDED) ? Placement.SHARDED : weights(node);
  }

  private Placement placeGather(Node node) {
    boolean table = placement(node.input(0)) == Placement.SHARDED;
    boolean indices = placement(node.input(1)) == Placement.SHARDED;
    return indices && !table ? Placement.SHARDED : weights(node);
  }

  /// Shapes may be given by values without memory.
  private boolean cutPictures(Node node) {
    Set<Placement> inputs = inputs(node);
    inputs.remove(Placement.INLINE);
    return inputs.equals(Set.of(Placement.SHARDED));
  }

  private static boolean isByWeights(Node node) {
    return node.op() instanceof MatMul product && product.byWeights();
  }

  /// Addends of rows of the batch are read like these.
  private Set<Placement> inputs(Node node) {
    Set<Placement> inputs = EnumSet.noneOf(Placement.class);
    for (Node input : node.inputs()) {
      boolean rows = isByWeights(input) && placement(input) == Placement.PARTIAL;
      inputs.add(rows ? Placement.SHARDED : placement(input));
      if (placement(input) == Placement.INLINE) {
        inputs.addAll(inputs(source(input)));
      }
    }
    return inputs;
  }

  /// Not cut by the batch: alone where a cut value is needed whole, else in every thread.
  private Placement weights(Node node) {
    return inputs(node).contains(Placement.SHARDED) ? Placement.SOLO : Placement.REPLICATED;
  }

  private Placement rowwise(Node input) {
    return placement(input) == Placement.SHARDED ? Placement.SHARDED : Placement.REPLICATED;
  }

  private Placement placeElementwise(Node node) {
    Set<Placement> inputs = inputs(node);
    if (inputs.equals(Set.of(Placement.HOST)) && node.shape().rank() == 0) {
      return Placement.HOST;
    }
    if (inputs.stream().allMatch(p -> p == Placement.HOST || p == Placement.INLINE)) {
      boolean asDrawn = !draws(node) || !repeats(node);
      return asDrawn && readInPasses(node) ? Placement.INLINE : Placement.REPLICATED;
    }
    if (!inputs.contains(Placement.SHARDED)) {
      return Placement.REPLICATED;
    }
    boolean sameRows =
        node.inputs().stream()
            .allMatch(input -> placement(input) != Placement.SHARDED || sameBatch(input, node));
    if (!sameRows) {
      return Placement.SOLO;
    }
    return worthRepeating(node) ? Placement.INLINE : Placement.SHARDED;
  }

  /// Comparing an element with a number costs less than reading the answer from memory: where the
  /// answer only steers arithmetic on other elements, as in the gradient of relu, it is not kept.
  private boolean worthRepeating(Node node) {
    boolean comparison =
        switch (node.op()) {
          case Binary f ->
              switch (f) {
                case EQUAL, NOT_EQUAL, GREATER, GREATER_EQUAL, LESS, LESS_EQUAL -> true;
                case ADD, SUBTRACT, MULTIPLY, DIVIDE, MAXIMUM, MINIMUM, POWER -> false;
              };
          case Op _ -> false;
        };
    return comparison
        && placement(node.input(1)) == Placement.HOST
        && consumers.get(node).stream().allMatch(consumer -> steers(node, consumer));
  }

  private static boolean steers(Node node, Node consumer) {
    return consumer != node
        && consumer.op() instanceof Select
        && consumer.input(0) == node
        && consumer.shape().equals(node.shape())
        && !(source(consumer.input(1)).op() instanceof Op.Leaf)
        && consumer.input(1).shape().equals(node.shape());
  }

  /// Whether nothing needs the value in memory: neither the caller nor a product.
  private boolean readInPasses(Node node) {
    return consumers.get(node).stream()
        .allMatch(consumer -> consumer != node && Schedule.onePass(consumer));
  }

  /// Whether values of this node are computed inline from random numbers.
  boolean drawn(Node view) {
    Node node = source(view);
    return placement(node) == Placement.INLINE && draws(node);
  }

  private boolean draws(Node node) {
    return node.op() instanceof UniformRandom || node.inputs().stream().anyMatch(this::drawn);
  }

  /// Whether a reader repeats the node's elements: random numbers, which belong to places, are then
  /// drawn once and kept.
  private boolean repeats(Node node) {
    return consumers.getOrDefault(node, List.of()).stream()
        .anyMatch(
            reader ->
                reader.op() instanceof Reshaping
                    ? repeats(reader)
                    : reader.shape().size() != node.shape().size()
                        && !(reader.op() instanceof Reduce));
  }

  /// Whether row i of the input meets row i of the result.
  private static boolean sameBatch(Node input, Node result) {
    return input.shape().rank() == result.shape().rank()
        && input.shape().dim(0) == result.shape().dim(0);
  }

  private Placement placeReduce(Node node, Reduce reduce) {
    Node input = node.input(0);
    return switch (placement(input)) {
      case HOST, INLINE, PARTIAL, REPLICATED, SPLIT, WHOLE, SOLO -> Placement.REPLICATED;
      case SHARED ->
          reduce.kind() == Reduce.Kind.SUM
                  && input.shape().size() >= WORTH_CUTTING
                  && reduce.axes().size() == input.shape().rank()
              ? Placement.PARTIAL
              : Placement.REPLICATED;
      case SHARDED -> {
        if (!reduce.axes().contains(0)) {
          yield Placement.SHARDED;
        }
        yield reduce.kind() == Reduce.Kind.SUM ? Placement.PARTIAL : Placement.SOLO;
      }
    };
  }

  private Placement placeMatMul(Node node, MatMul product) {
    if (product.byWeights()) {
      return product.transposeA() ? Placement.SPLIT : Placement.PARTIAL;
    }
    boolean a = placement(node.input(0)) == Placement.SHARDED || product.ofData();
    boolean b = placement(node.input(1)) == Placement.SHARDED;
    if (node.shape().rank() > 2) {
      return a && b ? Placement.SHARDED : weights(node);
    }
    if (a && !b && !product.transposeA()) {
      return Placement.SHARDED;
    }
    if (a && b && product.transposeA() && !product.transposeB()) {
      return Placement.PARTIAL;
    }
    return weights(node);
  }

  private Placement placeConvolution(Node node) {
    return placement(node.input(0)) == Placement.SHARDED
            && placement(node.input(1)) != Placement.SHARDED
        ? Placement.SHARDED
        : weights(node);
  }

  private Placement placeKernelGradient(Node node) {
    return inputs(node).equals(Set.of(Placement.SHARDED)) ? Placement.PARTIAL : weights(node);
  }

  /// Writing a constant costs less than waiting for the other threads' parts of it.
  private boolean isConstant(Node node) {
    return node.op() instanceof Cast && source(node.input(0)).op() instanceof Fill;
  }

  /// Arithmetic on weights that only feeds updates, or is large, is cut by elements.
  private void cutUpdates(Graph graph, List<Node> order) {
    Map<Node, Boolean> neededElsewhere = new IdentityHashMap<>();
    graph.outputs().values().forEach(output -> neededElsewhere.put(source(output), true));
    for (Node node : order.reversed()) {
      boolean elementwise = node.op().elementwise();
      boolean elsewhere = neededElsewhere.getOrDefault(node, false);
      boolean cut =
          placement(node) == Placement.REPLICATED
              && elementwise
              && (!elsewhere || node.shape().size() >= WORTH_CUTTING && !isConstant(node));
      if (cut) {
        placements.put(node, Placement.SPLIT);
      }
      boolean onlyUpdates =
          placement(node) == Placement.SPLIT || node.op() instanceof Reshaping && !elsewhere;
      for (Node input : node.inputs()) {
        if (!onlyUpdates) {
          neededElsewhere.put(input, true);
        }
      }
    }
    for (Node node : order) {
      if (node.op() instanceof Reshaping) {
        placements.put(node, placeView(node));
      }
      boolean largeSum =
          node.op() instanceof Reduce reduce
              && reduce.kind() == Reduce.Kind.SUM
              && reduce.axes().size() == node.input(0).shape().rank()
              && placement(node.input(0)) == Placement.SPLIT;
      if (largeSum) {
        placements.put(node, Placement.PARTIAL);
      }
    }
  }
}
