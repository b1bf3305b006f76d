package io.kalamos.onednn;

import io.kalamos.engine.Batch;
import io.kalamos.engine.Binary;
import io.kalamos.engine.Cast;
import io.kalamos.engine.DType;
import io.kalamos.engine.Epilogue;
import io.kalamos.engine.MatMul;
import io.kalamos.engine.Node;
import io.kalamos.engine.Op;
import io.kalamos.engine.Partition;
import io.kalamos.engine.Placement;
import io.kalamos.engine.Reshaping;
import io.kalamos.engine.Schedule;
import io.kalamos.engine.Unit;
import io.kalamos.kernels.KernelCompiler;
import io.kalamos.kernels.MatrixProduct;
import io.kalamos.kernels.MatrixProduct.Ending;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Products of a dense layer over a thread's rows of the batch, or of its weights.
///
/// In gradients few rows meet many weights: the library's code is made for larger matrices, and
/// packs weights one by one where they are transposed. And data are often zero in many neighbouring
/// places, as pictures of writing are around it: a first layer need not multiply those
/// ([MatrixProduct#blanks]).
final class DenseProduct implements OwnCode {
  /// Gradients of weights up to here stay in a second-level cache.
  private static final long RESULT_BYTES = 2 << 20;

  /// Transposed weights are packed once for so many rows, units and inputs.
  private static final int ROWS = 16;

  private static final int DEPTH = 64;
  private static final int COLUMNS = 512;

  /// A last layer's classes.
  private static final int FEW = 16;

  private final Unit unit;
  private final Node node;

  private DenseProduct(Unit unit) {
    this.unit = unit;
    this.node = unit.nodes().getFirst();
  }

  static Optional<DenseProduct> of(
      Schedule schedule, Shares shares, KernelCompiler compiler, Unit unit) {
    Node node = unit.nodes().getFirst();
    boolean fits =
        node.op() instanceof MatMul matmul
            && node.shape().rank() == 2
            && (matmul.byWeights() || overRows(schedule, node, matmul))
            && (matmul.epilogue().bias() || matmul.epilogue().activation().isEmpty())
            && inFloat32(schedule, node)
            && node.inputs().stream().allMatch(input -> inFloat32(schedule, input))
            && IntStream.range(0, shares.threads())
                .mapToObj(thread -> product(node, matmul, shares, thread))
                .allMatch(product -> worthwhile(product) && compiler.compiles(product));
    return fits ? Optional.of(new DenseProduct(unit)) : Optional.empty();
  }

  /// Rows of the batch are rows of the result, or what a thread sums over.
  private static boolean overRows(Schedule schedule, Node node, MatMul matmul) {
    return switch (schedule.placement(node)) {
      case SHARDED -> !matmul.transposeA();
      case PARTIAL ->
          matmul.transposeA()
              && !matmul.transposeB()
              && node.inputs().stream()
                  .allMatch(
                      input -> schedule.placement(Partition.source(input)) == Placement.SHARDED);
      case HOST, INLINE, SHARED, WHOLE, REPLICATED, SPLIT, SOLO -> false;
    };
  }

  private static boolean inFloat32(Schedule schedule, Node value) {
    return Storage.storedType(schedule, Partition.source(value)) == DType.FLOAT32;
  }

  /// Sizes for which this code is clearly faster than the library's, by measurement.
  private static boolean worthwhile(MatrixProduct product) {
    if (product.transposeA()) {
      return 4L * product.m() * product.n() <= RESULT_BYTES;
    }
    if (product.blanks()) {
      return product.m() >= ROWS && product.k() >= DEPTH;
    }
    if (product.ending() != Ending.NONE) {
      return false;
    }
    boolean tall = product.m() >= ROWS && product.k() >= DEPTH && product.n() >= COLUMNS;
    return product.transposeB() && (tall || product.k() <= FEW);
  }

  private static MatrixProduct product(Node node, MatMul matmul, Shares shares, int thread) {
    MatrixProduct product =
        matmul.byWeights()
            ? WeightRows.of(node, shares, thread).product()
            : overRows(node, matmul, shares, thread);
    product = isData(node.input(0)) ? product.withBlanks() : product;
    return product.ending(ending(matmul.epilogue()));
  }

  private static MatrixProduct overRows(Node node, MatMul matmul, Shares shares, int thread) {
    Node a = node.input(0);
    boolean turned = matmul.transposeA();
    MatrixProduct product =
        MatrixProduct.of(
            turned ? node.shape().dim(0) : shares.rowsOf(node, thread),
            turned ? shares.rowsOf(a, thread) : a.shape().dim(1),
            node.shape().dim(1));
    product = turned ? product.withTransposedA() : product;
    return matmul.transposeB() ? product.withTransposedB() : product;
  }

  /// Whether a value is what the caller gave, scaled or cast.
  private static boolean isData(Node value) {
    return switch (value.op()) {
      case Batch _ -> true;
      case Cast _, Reshaping _ -> isData(value.input(0));
      case Binary factor when factor == Binary.MULTIPLY || factor == Binary.DIVIDE ->
          isData(value.input(0)) || isData(value.input(1));
      case Op _ -> false;
    };
  }

  /// The only function that products end with is relu.
  private static Ending ending(Epilogue epilogue) {
    if (!epilogue.bias()) {
      return Ending.NONE;
    }
    return epilogue.activation().isPresent() ? Ending.BIAS_RELU : Ending.BIAS;
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
    MatMul matmul = (MatMul) node.op();
    MatrixProduct product = product(node, matmul, shares, thread);
    if (matmul.byWeights()) {
      WeightRows own = WeightRows.of(node, shares, thread);
      long[] operands = {own.samples(storage), own.operand(storage)};
      return new Step.Fused(kernels.product(product, operands, new long[] {own.result(storage)}));
    }
    long[] operands =
        node.inputs().stream().mapToLong(input -> storage.address(input, thread)).toArray();
    long[] result = {storage.address(node, thread)};
    return new Step.Fused(kernels.product(product, operands, result));
  }

  @Override
  public String label() {
    return "product";
  }
}
