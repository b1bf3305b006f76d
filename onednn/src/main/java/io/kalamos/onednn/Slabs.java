package io.kalamos.onednn;

import io.kalamos.engine.BroadcastTo;
import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Reduce;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.kernels.KernelProgram;
import io.kalamos.kernels.ProgramBuilder;
import java.util.ArrayList;
import java.util.List;

/// Sums over the middle axes, and their adjoint repetition: (batch, pixels, channels) to (batch, 1,
/// channels) and back, as in global average pooling. One kernel, run once for each slab of pixels.
final class Slabs {
  private Slabs() {}

  /// Axes of the larger shape: those before `first` are kept, then some vanish, then some are kept.
  private record Middle(int first, int end) {
    static Middle of(Shape large, Shape small) {
      int rank = large.rank();
      if (small.rank() != rank) {
        return null;
      }
      int first = 0;
      while (first < rank && large.dim(first) == small.dim(first)) {
        first++;
      }
      int end = rank;
      while (end > first && large.dim(end - 1) == small.dim(end - 1)) {
        end--;
      }
      for (int axis = first; axis < end; axis++) {
        if (small.dim(axis) != 1) {
          return null;
        }
      }
      return first < end ? new Middle(first, end) : null;
    }
  }

  static boolean fits(Node node) {
    Shape from = node.input(0).shape();
    boolean sum = node.op() instanceof Reduce reduce && reduce.kind() == Reduce.Kind.SUM;
    boolean repeat = node.op() instanceof BroadcastTo;
    return sum && Middle.of(from, node.shape()) != null
        || repeat && Middle.of(node.shape(), from) != null;
  }

  static List<Step> steps(Kernels kernels, Node node, Tensor from, Tensor to) {
    boolean sum = node.op() instanceof Reduce;
    Tensor large = sum ? from : to;
    Middle middle = Middle.of(large.shape(), (sum ? to : from).shape());
    Shape shape = large.shape();
    long slabs = middle == null ? 0 : shape.product(0, middle.first);
    long rows = middle == null ? 0 : shape.product(middle.first, middle.end);
    long columns = middle == null ? 1 : shape.product(middle.end, shape.rank());
    KernelProgram program = program(sum, Math.toIntExact(columns), from.dtype(), to.dtype());
    List<Step> steps = new ArrayList<>();
    for (long slab = 0; slab < slabs; slab++) {
      long source = address(from, slab * (sum ? rows : 1) * columns);
      long target = address(to, slab * (sum ? 1 : rows) * columns);
      long[] inputs = {source};
      long[] outputs = {target};
      steps.add(new Step.Fused(kernels.bind(program, inputs, outputs, rows, 0)));
    }
    return steps;
  }

  private static KernelProgram program(boolean sum, int columns, DType from, DType to) {
    ProgramBuilder program = KernelProgram.builder(columns);
    return sum
        ? program.sumColumns(program.full(from), false).build()
        : program.store(to, program.column(from)).build();
  }

  private static long address(Tensor tensor, long element) {
    return tensor.memory().address() + element * tensor.dtype().bytes();
  }
}
