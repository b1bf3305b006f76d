package io.kalamos.onednn;

import io.kalamos.engine.Convolution2DKernelGradient;
import io.kalamos.engine.DType;
import io.kalamos.engine.Epilogue;
import io.kalamos.engine.Node;
import io.kalamos.engine.Partition;
import io.kalamos.engine.Placement;
import io.kalamos.engine.Schedule;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Unit;
import io.kalamos.engine.Window;
import io.kalamos.kernels.KernelCompiler;
import io.kalamos.kernels.KernelGradient;
import io.kalamos.kernels.WinogradConvolution;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// The gradient of a convolution's kernel: from tiles of results where they fit ([Winograd]), or by
/// the definition where channels or filters fill no whole vectors, since the library computes with
/// the missing ones too.
final class KernelGradientUnit implements OwnCode {
  private final Unit unit;
  private final Node node;
  private final Optional<WinogradConvolution> tiles;
  private Storage.Extra scratch;

  private KernelGradientUnit(Unit unit, Node node, Optional<WinogradConvolution> tiles) {
    this.unit = unit;
    this.node = node;
    this.tiles = tiles;
  }

  static Optional<KernelGradientUnit> of(
      Schedule schedule, Shares shares, KernelCompiler compiler, Unit unit) {
    Node node = unit.nodes().getFirst();
    boolean own =
        node.op() instanceof Convolution2DKernelGradient op
            && op.groups() == 1
            && op.window().dilationHeight() == 1
            && op.window().dilationWidth() == 1
            && schedule.placement(node) == Placement.PARTIAL
            && Storage.storedType(schedule, node) == DType.FLOAT32
            && node.inputs().stream().allMatch(input -> readable(schedule, input));
    if (!own) {
      return Optional.empty();
    }
    Optional<WinogradConvolution> tiles =
        tiles(node).filter(shape -> fits(shares, compiler, shape));
    return tiles.isPresent() || compiler.compiles(shape(node))
        ? Optional.of(new KernelGradientUnit(unit, node, tiles))
        : Optional.empty();
  }

  /// For all threads or none: they may have different shares of the batch.
  private static boolean fits(Shares shares, KernelCompiler compiler, WinogradConvolution shape) {
    return IntStream.range(0, shares.parts())
        .allMatch(thread -> compiler.compilesKernelGradient(shape, shares.rows(thread)));
  }

  private static boolean readable(Schedule schedule, Node input) {
    Node source = Partition.source(input);
    return schedule.placement(source) == Placement.SHARDED
        && Storage.storedType(schedule, source) == DType.FLOAT32;
  }

  private static Optional<WinogradConvolution> tiles(Node node) {
    var op = (Convolution2DKernelGradient) node.op();
    Shape results = node.input(1).shape();
    return Winograd.of(node.input(0).shape(), op.window(), results, op.groups(), Epilogue.NONE);
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
  public void plan(Storage storage, Shares shares) {
    tiles.ifPresent(shape -> scratch = storage.extra(shape.gradientScratchBytes(), unit, unit));
  }

  @Override
  public Step bind(Kernels kernels, Storage storage, Shares shares, int thread) {
    long pictures = storage.address(node.input(0), thread);
    long upstream = storage.address(node.input(1), thread);
    long[] to = {storage.address(node, thread)};
    int rows = shares.rows(thread);
    if (tiles.isEmpty()) {
      long[] from = {pictures, upstream};
      return new Step.Fused(kernels.kernelGradient(shape(node), from, to, rows));
    }
    long[] from = {pictures, upstream, storage.address(scratch, thread)};
    return new Step.Fused(kernels.winogradKernelGradient(tiles.get(), from, to, rows));
  }

  @Override
  public String label() {
    return tiles.isPresent() ? "winograd kernel gradient" : "kernel gradient";
  }
}
