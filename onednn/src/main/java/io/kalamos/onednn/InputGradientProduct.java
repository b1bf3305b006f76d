package io.kalamos.onednn;

import io.kalamos.engine.DType;
import io.kalamos.engine.Epilogue;
import io.kalamos.engine.MatMul;
import io.kalamos.engine.Node;
import io.kalamos.engine.Partition;
import io.kalamos.engine.Placement;
import io.kalamos.engine.Schedule;
import io.kalamos.engine.Unit;
import io.kalamos.kernels.KernelCompiler;
import io.kalamos.kernels.TransposedProduct;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// The product of a batch with transposed weights that have many rows, as in the gradient of what a
/// large dense layer reads. The library packs the weights one by one; half of its time goes there.
final class InputGradientProduct implements OwnCode {
  private final Unit unit;
  private final Node node;

  private InputGradientProduct(Unit unit) {
    this.unit = unit;
    this.node = unit.nodes().getFirst();
  }

  static Optional<InputGradientProduct> of(
      Schedule schedule, Shares shares, KernelCompiler compiler, Unit unit) {
    Node node = unit.nodes().getFirst();
    boolean fits =
        node.op() instanceof MatMul product
            && !product.transposeA()
            && product.transposeB()
            && product.epilogue().equals(Epilogue.NONE)
            && schedule.placement(node) == Placement.SHARDED
            && inFloat32(schedule, node)
            && node.inputs().stream().allMatch(input -> inFloat32(schedule, input))
            && IntStream.range(0, shares.threads())
                .allMatch(thread -> compiler.compiles(product(node, shares, thread)));
    return fits ? Optional.of(new InputGradientProduct(unit)) : Optional.empty();
  }

  private static boolean inFloat32(Schedule schedule, Node value) {
    return Storage.storedType(schedule, Partition.source(value)) == DType.FLOAT32;
  }

  private static TransposedProduct product(Node node, Shares shares, int thread) {
    return new TransposedProduct(
        shares.rowsOf(node, thread), node.input(0).shape().dim(1), node.shape().dim(1));
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
    long[] operands = {
      storage.address(node.input(0), thread), storage.address(node.input(1), thread)
    };
    long[] result = {storage.address(node, thread)};
    return new Step.Fused(
        kernels.transposedProduct(product(node, shares, thread), operands, result));
  }

  @Override
  public String label() {
    return "product";
  }
}
