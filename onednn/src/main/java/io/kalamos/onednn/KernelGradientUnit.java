package io.kalamos.onednn;

import io.kalamos.engine.Convolution2DKernelGradient;
import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Partition;
import io.kalamos.engine.Placement;
import io.kalamos.engine.Schedule;
import io.kalamos.engine.Unit;
import io.kalamos.engine.Window;
import io.kalamos.kernels.KernelCompiler;
import io.kalamos.kernels.KernelGradient;
import java.util.List;
import java.util.Optional;

/// The gradient of a convolution's kernel where channels or filters fill no whole vectors: the
/// library computes with the missing ones too.
final class KernelGradientUnit implements OwnCode {
  private final Unit unit;
  private final Node node;
  private final KernelGradient shape;

  private KernelGradientUnit(Unit unit, Node node, KernelGradient shape) {
    this.unit = unit;
    this.node = node;
    this.shape = shape;
  }

  static Optional<KernelGradientUnit> of(Schedule schedule, KernelCompiler compiler, Unit unit) {
    Node node = unit.nodes().getFirst();
    boolean fits =
        node.op() instanceof Convolution2DKernelGradient op
            && op.groups() == 1
            && op.window().dilationHeight() == 1
            && op.window().dilationWidth() == 1
            && schedule.placement(node) == Placement.PARTIAL
            && Storage.storedType(schedule, node) == DType.FLOAT32
            && node.inputs().stream().allMatch(input -> readable(schedule, input))
            && compiler.compiles(shape(node));
    return fits ? Optional.of(new KernelGradientUnit(unit, node, shape(node))) : Optional.empty();
  }

  private static boolean readable(Schedule schedule, Node input) {
    Node source = Partition.source(input);
    return schedule.placement(source) == Placement.SHARDED
        && Storage.storedType(schedule, source) == DType.FLOAT32;
  }

  private static KernelGradient shape(Node node) {
    Window window = ((Convolution2DKernelGradient) node.op()).window();
    Node pictures = node.input(0);
    Node upstream = node.input(1);
    return new KernelGradient(
        pictures.shape().dim(1),
        pictures.shape().dim(2),
        pictures.shape().dim(3),
        window.height(),
        window.width(),
        window.strideHeight(),
        window.strideWidth(),
        window.top(),
        window.left(),
        upstream.shape().dim(3),
        upstream.shape().dim(1),
        upstream.shape().dim(2));
  }

  @Override
  public List<Unit> units() {
    return List.of(unit);
  }

  @Override
  public List<Node> results() {
    return List.of(node);
  }

  @Override
  public void plan(Storage storage, Shares shares) {}

  @Override
  public Step bind(Kernels kernels, Storage storage, Shares shares, int thread) {
    long[] from = node.inputs().stream().mapToLong(n -> storage.address(n, thread)).toArray();
    long[] to = {storage.address(node, thread)};
    return new Step.Fused(kernels.kernelGradient(shape, from, to, shares.rows(thread)));
  }

  @Override
  public String label() {
    return "kernel gradient";
  }
}
