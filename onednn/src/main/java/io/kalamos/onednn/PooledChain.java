package io.kalamos.onednn;

import io.kalamos.engine.Binary;
import io.kalamos.engine.Cast;
import io.kalamos.engine.Convolution2D;
import io.kalamos.engine.Convolution2DKernelGradient;
import io.kalamos.engine.DType;
import io.kalamos.engine.Fill;
import io.kalamos.engine.MaxPool2D;
import io.kalamos.engine.MaxPool2DGradient;
import io.kalamos.engine.Node;
import io.kalamos.engine.Partition;
import io.kalamos.engine.Placement;
import io.kalamos.engine.Reduce;
import io.kalamos.engine.Schedule;
import io.kalamos.engine.Select;
import io.kalamos.engine.Unary;
import io.kalamos.engine.Unit;
import io.kalamos.engine.Window;
import io.kalamos.kernels.KernelCompiler;
import io.kalamos.kernels.PooledConvolution;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Neighbouring units that one kernel computes together: a convolution over pictures of one channel
/// with the pooling and the relu behind it, or their gradients. What passes between them never
/// leaves the registers.
///
/// Both or none: the way back needs to know the winners, which only the kernel remembers.
final class PooledChain implements OwnCode {
  private static final Window POOLING = Window.valid(2, 2, 2, 2);

  private final List<Unit> units;
  private final PooledConvolution shape;
  private final List<Node> inputs;
  private final List<Node> results;

  /// The way back of a chain going forward; the way forward of its gradient.
  private PooledChain back;

  private PooledChain forth;
  private Storage.Extra winners;

  private PooledChain(
      List<Unit> units, PooledConvolution shape, List<Node> inputs, List<Node> results) {
    this.units = List.copyOf(units);
    this.shape = shape;
    this.inputs = inputs;
    this.results = results;
  }

  /// The chains of a schedule.
  ///
  /// @param kept values that the caller reads
  static List<PooledChain> of(Schedule schedule, KernelCompiler compiler, Collection<Node> kept) {
    List<PooledChain> chains = new ArrayList<>();
    Search search = new Search(schedule, compiler, kept);
    for (int i = 0; i + 2 < schedule.units().size(); i++) {
      search
          .forward(i)
          .ifPresent(
              chain -> {
                chains.add(chain);
                if (chain.back != null) {
                  chains.add(chain.back);
                }
              });
    }
    return chains;
  }

  @Override
  public List<Unit> units() {
    return units;
  }

  @Override
  public List<Node> results() {
    return results;
  }

  /// The winners live until the way back.
  @Override
  public void plan(Storage storage, Shares shares) {
    if (forth == null) {
      Unit last = back == null ? units.getLast() : back.units.getLast();
      long bytes = results.getFirst().shape().size() / shares.batch() * shares.mostRows();
      winners = storage.extra(bytes, units.getFirst(), last);
    }
  }

  @Override
  public Step bind(Kernels kernels, Storage storage, Shares shares, int thread) {
    Storage.Extra remembered = forth == null ? winners : forth.winners;
    long won = storage.address(remembered, thread);
    long[] from = inputs.stream().mapToLong(node -> storage.address(node, thread)).toArray();
    long[] to = results.stream().mapToLong(node -> storage.address(node, thread)).toArray();
    int rows = shares.rowsOf(inputs.getFirst(), thread);
    return new Step.Fused(
        forth == null
            ? kernels.pooledConvolution(shape, from, new long[] {to[0], won}, rows)
            : kernels.pooledConvolutionGradient(
                shape, new long[] {from[0], won, from[1]}, to, rows));
  }

  @Override
  public String label() {
    return "pooled convolution";
  }

  private record Search(Schedule schedule, KernelCompiler compiler, Collection<Node> kept) {
    /// The chain that begins with unit `at`.
    Optional<PooledChain> forward(int at) {
      List<Unit> units = schedule.units().subList(at, at + 3);
      Node convolution = units.get(0).nodes().getFirst();
      Node pooled = units.get(1).nodes().getFirst();
      Node relu = units.get(2).nodes().getFirst();
      Node result = units.get(2).nodes().getLast();
      boolean chain =
          convolution.op() instanceof Convolution2D op
              && schedule.placement(convolution) == Placement.SHARDED
              && simple(op.window())
              && op.groups() == 1
              && op.epilogue().bias()
              && op.epilogue().activation().isEmpty()
              && convolution.input(0).shape().dim(3) == 1
              && pooled.op() instanceof MaxPool2D pool
              && pool.window().equals(POOLING)
              && pooled.input(0) == convolution
              && relu.op() == Unary.RELU
              && Partition.source(relu.input(0)) == pooled
              && (units.get(2).nodes().size() == 1 || narrowed(units.get(2)))
              && schedule.readers(convolution).equals(List.of(units.get(1)))
              && !kept.contains(convolution)
              && !kept.contains(pooled);
      DType type = relu == result ? DType.FLOAT32 : DType.BFLOAT16;
      if (!chain || !readable(convolution.inputs()) || !readable(List.of(result), type)) {
        return Optional.empty();
      }
      PooledConvolution shape = shape(convolution, pooled, type);
      if (!compiler.compiles(shape)) {
        return Optional.empty();
      }
      PooledChain forth = new PooledChain(units, shape, convolution.inputs(), List.of(result));
      List<Unit> others =
          schedule.readers(pooled).stream()
              .filter(unit -> unit != units.get(2))
              .distinct()
              .toList();
      if (others.isEmpty()) {
        return Optional.of(forth);
      }
      forth.back = others.size() == 1 ? backward(forth, relu, pooled, others.getFirst()) : null;
      return Optional.ofNullable(forth.back).map(found -> forth);
    }

    /// Whether a unit is a relu whose result is kept as bfloat16 alone.
    private boolean narrowed(Unit unit) {
      Node relu = unit.nodes().getFirst();
      Node result = unit.nodes().getLast();
      return unit.nodes().size() == 2
          && result.op().equals(new Cast(DType.BFLOAT16))
          && result.input(0) == relu
          && !kept.contains(relu);
    }

    /// The chain around the unit of a pooling's gradient, or `null`.
    private PooledChain backward(PooledChain forth, Node relu, Node pooled, Unit unit) {
      int at = schedule.units().indexOf(unit);
      if (at == 0 || at + 1 == schedule.units().size()) {
        return null;
      }
      List<Unit> units = schedule.units().subList(at - 1, at + 2);
      List<Node> masked =
          units.get(0).nodes().stream().filter(node -> !(node.op() instanceof Cast)).toList();
      Node routed = unit.nodes().getFirst();
      Node gradient = units.get(2).nodes().getFirst();
      boolean chain =
          masked.size() == 2
              && isReluGradient(masked.get(0), relu)
              && isBiasGradient(masked.get(1), masked.get(0))
              && routed.op() instanceof MaxPool2DGradient
              && Partition.source(routed.input(1)) == pooled
              && Partition.source(routed.input(2)) == masked.get(0)
              && gradient.op() instanceof Convolution2DKernelGradient
              && Partition.source(gradient.input(0)) == Partition.source(forth.inputs.getFirst())
              && gradient.input(1) == routed
              && schedule.readers(masked.get(0)).stream().allMatch(units::contains)
              && schedule.readers(routed).equals(List.of(units.get(2)))
              && !kept.contains(masked.get(0))
              && !kept.contains(routed);
      if (!chain) {
        return null;
      }
      boolean narrow = forth.shape.narrow();
      Node upstream = narrow ? widened(masked.get(0).input(1)) : masked.get(0).input(1);
      DType type = narrow ? DType.BFLOAT16 : DType.FLOAT32;
      boolean alone =
          schedule.readers(relu).stream()
              .allMatch(reader -> reader == forth.units.get(2) || reader == units.get(0));
      if (upstream == null || narrow && !alone || !readable(List.of(upstream), type)) {
        return null;
      }
      List<Node> inputs = List.of(forth.inputs.getFirst(), upstream);
      PooledChain back =
          new PooledChain(units, forth.shape, inputs, List.of(gradient, masked.get(1)));
      back.forth = forth;
      return back;
    }

    /// The bfloat16 value behind a float32 one, or `null`.
    private static Node widened(Node value) {
      Node cast = Partition.source(value);
      boolean wide = cast.op().equals(new Cast(DType.FLOAT32));
      return wide && cast.input(0).dtype() == DType.BFLOAT16 ? cast.input(0) : null;
    }

    /// `select(result > 0, upstream, 0)`.
    private static boolean isReluGradient(Node node, Node result) {
      if (!(node.op() instanceof Select)) {
        return false;
      }
      Node alive = Partition.source(node.input(0));
      return alive.op() == Binary.GREATER
          && Partition.source(alive.input(0)) == result
          && isZero(alive.input(1))
          && isZero(node.input(2));
    }

    private static boolean isZero(Node node) {
      return Partition.source(node).op() instanceof Fill fill && fill.value() == 0;
    }

    private static boolean isBiasGradient(Node node, Node masked) {
      return node.op() instanceof Reduce reduce
          && reduce.kind() == Reduce.Kind.SUM
          && reduce.axes().equals(List.of(0, 1, 2))
          && node.input(0) == masked;
    }

    private static boolean simple(Window window) {
      return window.strideHeight() == 1
          && window.strideWidth() == 1
          && window.dilationHeight() == 1
          && window.dilationWidth() == 1;
    }

    /// Whether values lie in memory as they are.
    private boolean readable(List<Node> values) {
      return readable(values, DType.FLOAT32);
    }

    private boolean readable(List<Node> values, DType type) {
      return values.stream()
          .map(Partition::source)
          .allMatch(
              node ->
                  Storage.storedType(schedule, node) == type
                      && switch (schedule.placement(node)) {
                        case SHARED, SHARDED, REPLICATED -> true;
                        case HOST, INLINE, WHOLE, PARTIAL, SPLIT, SOLO -> false;
                      });
    }

    private static PooledConvolution shape(Node convolution, Node pooled, DType results) {
      Node x = convolution.input(0);
      Window window = ((Convolution2D) convolution.op()).window();
      return new PooledConvolution(
          x.shape().dim(1),
          x.shape().dim(2),
          window.height(),
          window.width(),
          window.top(),
          window.left(),
          convolution.shape().dim(3),
          pooled.shape().dim(1),
          pooled.shape().dim(2),
          results == DType.BFLOAT16);
    }
  }
}
