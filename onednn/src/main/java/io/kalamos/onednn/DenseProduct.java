package io.kalamos.onednn;

import io.kalamos.engine.Batch;
import io.kalamos.engine.Binary;
import io.kalamos.engine.Cast;
import io.kalamos.engine.Convolution2D;
import io.kalamos.engine.DType;
import io.kalamos.engine.Epilogue;
import io.kalamos.engine.MatMul;
import io.kalamos.engine.MaxPool2D;
import io.kalamos.engine.Node;
import io.kalamos.engine.Op;
import io.kalamos.engine.Partition;
import io.kalamos.engine.Placement;
import io.kalamos.engine.Reshaping;
import io.kalamos.engine.Schedule;
import io.kalamos.engine.Select;
import io.kalamos.engine.Unary;
import io.kalamos.engine.Unit;
import io.kalamos.kernels.BoundKernel;
import io.kalamos.kernels.KernelCompiler;
import io.kalamos.kernels.MatrixProduct;
import io.kalamos.kernels.MatrixProduct.Ending;
import io.kalamos.onednn.DataReading.Data;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// Products of a dense layer over a thread's rows of the batch, or of its weights.
///
/// In gradients few rows meet many weights: the library's code is made for larger matrices, and
/// packs weights one by one where they are transposed. And data are often zero, as pictures of
/// writing are around it, and most of what comes out of relu is: the layer behind need not multiply
/// that ([MatrixProduct#blanks]).
final class DenseProduct implements OwnCode {
  /// Gradients of weights up to here stay in a second-level cache.
  static final long RESULT_BYTES = 2 << 20;

  /// Weights are packed once for so many rows, units and inputs.
  static final int ROWS = 16;

  static final int DEPTH = 64;
  private static final int COLUMNS = 512;

  /// A last layer's classes.
  private static final int FEW = 16;

  private final KernelCompiler compiler;
  private final Unit unit;
  private final Node node;
  private final boolean sparse;

  private DenseProduct(KernelCompiler compiler, Unit unit, List<MatrixProduct> parts) {
    this.compiler = compiler;
    this.unit = unit;
    this.sparse = parts.stream().anyMatch(compiler::skipsZeros);
    this.node = unit.nodes().getFirst();
  }

  static Optional<DenseProduct> of(
      Schedule schedule, Shares shares, KernelCompiler compiler, Unit unit) {
    Node node = unit.nodes().getFirst();
    boolean product =
        node.op() instanceof MatMul matmul
            && node.shape().rank() == 2
            && (matmul.byWeights() || overRows(schedule, node, matmul))
            && inFloat32(schedule, node)
            && node.inputs().stream().allMatch(input -> inFloat32(schedule, input));
    if (!product) {
      return Optional.empty();
    }
    List<MatrixProduct> parts =
        IntStream.range(0, shares.parts())
            .mapToObj(thread -> product(compiler, node, (MatMul) node.op(), shares, thread))
            .filter(part -> !isEmpty(part))
            .toList();
    boolean fits =
        parts.stream()
            .allMatch(
                part -> compiler.compiles(part) && (compiler.skipsZeros(part) || worthwhile(part)));
    return fits ? Optional.of(new DenseProduct(compiler, unit, parts)) : Optional.empty();
  }

  /// Rows of the batch are rows of the result, or what a thread sums over.
  private static boolean overRows(Schedule schedule, Node node, MatMul matmul) {
    return switch (schedule.placement(node)) {
      case SHARDED -> !matmul.transposeA();
      case PARTIAL ->
          matmul.transposeA()
              && !matmul.transposeB()
              && (matmul.ofData() || isSharded(schedule, node.input(0)))
              && isSharded(schedule, node.input(1));
      case HOST, INLINE, SHARED, WHOLE, REPLICATED, SPLIT, SOLO -> false;
    };
  }

  private static boolean isSharded(Schedule schedule, Node value) {
    return schedule.placement(Partition.source(value)) == Placement.SHARDED;
  }

  /// Whether a thread gets no rows of the weights.
  private static boolean isEmpty(MatrixProduct product) {
    return product.m() == 0 || product.k() == 0;
  }

  private static boolean inFloat32(Schedule schedule, Node value) {
    return Storage.storedType(schedule, Partition.source(value)) == DType.FLOAT32;
  }

  /// Sizes for which this code is clearly faster than the library's, by measurement.
  private static boolean worthwhile(MatrixProduct product) {
    if (product.picked() != null) {
      return true;
    }
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

  private static MatrixProduct product(
      KernelCompiler compiler, Node node, MatMul matmul, Shares shares, int thread) {
    MatrixProduct product =
        matmul.byWeights()
            ? WeightRows.of(node, shares, thread).product()
            : overRows(node, matmul, shares, thread);
    product = product.ending(ending(matmul.epilogue()));
    Data data = Data.of(node.input(0));
    if (matmul.ofData()) {
      return product.picking(data.picked(), data.row());
    }
    MatrixProduct sparse = product.withBlanks();
    boolean zeros = data != null || isSparse(node.input(0)) && compiler.skipsZeros(sparse);
    return zeros ? sparse : product;
  }

  /// Whether a value comes out of relu, which makes zeros of half of what it gets and of more, or
  /// is one-hot.
  private static boolean isSparse(Node value) {
    return isSparse(value, Collections.newSetFromMap(new IdentityHashMap<>()));
  }

  /// @param seen what has been looked at: products may multiply the same value many times
  private static boolean isSparse(Node value, Set<Node> seen) {
    if (!seen.add(value)) {
      return false;
    }
    return switch (value.op()) {
      case Reshaping _, Cast _, MaxPool2D _ -> isSparse(value.input(0), seen);
      case MatMul product -> product.epilogue().activation().isPresent();
      case Convolution2D convolution -> convolution.epilogue().activation().isPresent();
      case Select _ -> isSparse(value.input(1), seen) || isSparse(value.input(2), seen);
      case Op op when op == Unary.RELU || op == Binary.EQUAL -> true;
      case Op op when op == Binary.MULTIPLY ->
          isSparse(value.input(0), seen) || isSparse(value.input(1), seen);
      case Op _ -> false;
    };
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

  /// The only function that products end with is relu.
  private static Ending ending(Epilogue epilogue) {
    boolean relu = epilogue.activation().isPresent();
    if (epilogue.bias()) {
      return relu ? Ending.BIAS_RELU : Ending.BIAS;
    }
    return relu ? Ending.RELU : Ending.NONE;
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
    MatrixProduct product = product(compiler, node, matmul, shares, thread);
    WeightRows own = matmul.byWeights() ? WeightRows.of(node, shares, thread) : null;
    long result = own == null ? storage.address(node, thread) : own.result(storage);
    if (isEmpty(product)) {
      return product.m() == 0
          ? new Step.Loop(() -> {})
          : new Step.Fused(kernels.zeros(DType.FLOAT32, result, node.shape().size()));
    }
    List<Long> operands = new ArrayList<>();
    if (matmul.ofData()) {
      operands.add(0L);
      operands.add(kernels.rowNumbers(own == null ? shares.firstRow(thread) : 0));
    } else {
      operands.add(own == null ? storage.address(node.input(0), thread) : own.samples(storage));
    }
    operands.add(own == null ? storage.address(node.input(1), thread) : own.operand(storage));
    if (matmul.epilogue().bias()) {
      operands.add(storage.address(node.input(2), thread));
    }
    long[] inputs = operands.stream().mapToLong(Long::longValue).toArray();
    BoundKernel kernel = kernels.product(product, inputs, new long[] {result});
    if (matmul.ofData()) {
      Batch batch = Data.of(node.input(0)).batch();
      kernels.reads(batch, kernel, 0, own == null ? 0 : own.first() * batch.dtype().bytes());
    }
    return new Step.Fused(kernel);
  }

  @Override
  public String label() {
    return sparse ? "sparse product" : "product";
  }
}
