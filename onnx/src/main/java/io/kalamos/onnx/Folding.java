package io.kalamos.onnx;

import io.kalamos.engine.ArgMax;
import io.kalamos.engine.AveragePool2D;
import io.kalamos.engine.AveragePool2DGradient;
import io.kalamos.engine.Batch;
import io.kalamos.engine.Binary;
import io.kalamos.engine.BroadcastTo;
import io.kalamos.engine.Cast;
import io.kalamos.engine.Concatenation;
import io.kalamos.engine.Convolution2D;
import io.kalamos.engine.Convolution2DInputGradient;
import io.kalamos.engine.Convolution2DKernelGradient;
import io.kalamos.engine.DType;
import io.kalamos.engine.Fill;
import io.kalamos.engine.Gather;
import io.kalamos.engine.GatherGradient;
import io.kalamos.engine.Graph;
import io.kalamos.engine.Literal;
import io.kalamos.engine.MatMul;
import io.kalamos.engine.MaxPool2D;
import io.kalamos.engine.MaxPool2DGradient;
import io.kalamos.engine.Node;
import io.kalamos.engine.Op;
import io.kalamos.engine.Pad;
import io.kalamos.engine.Parameter;
import io.kalamos.engine.Reduce;
import io.kalamos.engine.Reshaping;
import io.kalamos.engine.RowLogSoftmax;
import io.kalamos.engine.RowSoftmax;
import io.kalamos.engine.Scalar;
import io.kalamos.engine.Select;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Slice;
import io.kalamos.engine.Transpose;
import io.kalamos.engine.Unary;
import io.kalamos.engine.UniformRandom;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Computes values that do not depend on data while a file is read: shapes that an exporter
/// calculates, transposed weights, masks. Everything in double precision.
final class Folding {
  /// Numbers that all values folded for one file may have together, beside those of the file.
  private static final long MOST = 1L << 24;

  /// How often each number of the file may be copied, such as by transposing weights.
  private static final int COPIES = 4;

  private long left;

  /// @param numbers that the file itself holds
  Folding(long numbers) {
    this.left = MOST + COPIES * numbers;
  }

  /// The numbers of a value, or nothing where they depend on data or are too much work.
  Optional<double[]> numbers(Node value) {
    List<Node> order = Graph.order(List.of(value));
    if (!order.stream().allMatch(node -> foldable(node.op()) && node.shape().size() <= left)) {
      return Optional.empty();
    }
    long all = order.stream().mapToLong(node -> node.shape().size()).sum();
    if (all > left || order.stream().mapToLong(Folding::work).sum() > MOST) {
      return Optional.empty();
    }
    left -= all;
    Map<Node, double[]> known = new IdentityHashMap<>();
    for (Node node : order) {
      known.put(node, numbers(node, node.inputs().stream().map(known::get).toList()));
    }
    return Optional.of(known.get(value));
  }

  private static long work(Node node) {
    return node.op() instanceof MatMul product
        ? Math.multiplyExact(
            node.shape().size(), node.input(0).shape().dim(product.transposeA() ? -2 : -1))
        : 0;
  }

  private static boolean foldable(Op op) {
    return switch (op) {
      case Literal _, Fill _, Unary _, Binary _, Select _, Cast _, Reduce _, ArgMax _, MatMul _ ->
          true;
      case Reshaping _, Transpose _, BroadcastTo _, Slice _, Pad _, Concatenation _, Gather _ ->
          true;
      case Batch _, Parameter _, Scalar _, UniformRandom _, RowSoftmax _, RowLogSoftmax _ -> false;
      case Convolution2D _, Convolution2DInputGradient _, Convolution2DKernelGradient _ -> false;
      case MaxPool2D _, MaxPool2DGradient _, AveragePool2D _, AveragePool2DGradient _ -> false;
      case GatherGradient _ -> false;
    };
  }

  private static double[] numbers(Node node, List<double[]> inputs) {
    Shape shape = node.shape();
    return switch (node.op()) {
      case Literal(var tensor) -> tensor.toDoubles();
      case Fill(double value, Shape _, DType _) -> filled(shape, value);
      case Unary function -> {
        double[] y = inputs.getFirst().clone();
        Arrays.setAll(y, i -> function.apply(y[i]));
        yield y;
      }
      case Binary function -> {
        double[] a = repeated(node.input(0).shape(), inputs.get(0), shape);
        double[] b = repeated(node.input(1).shape(), inputs.get(1), shape);
        Arrays.setAll(a, i -> function.apply(a[i], b[i]));
        yield a;
      }
      case Select _ -> {
        double[] condition = repeated(node.input(0).shape(), inputs.get(0), shape);
        double[] a = repeated(node.input(1).shape(), inputs.get(1), shape);
        double[] b = repeated(node.input(2).shape(), inputs.get(2), shape);
        Arrays.setAll(a, i -> condition[i] != 0 ? a[i] : b[i]);
        yield a;
      }
      case Cast(DType to) -> {
        double[] y = inputs.getFirst().clone();
        Arrays.setAll(
            y, i -> to.integral() ? (long) y[i] : to == DType.FLOAT32 ? (float) y[i] : y[i]);
        yield y;
      }
      case Reduce reduce -> reduced(reduce, node.input(0).shape(), inputs.getFirst(), shape);
      case ArgMax _ -> places(node.input(0).shape().dim(-1), inputs.getFirst(), shape);
      case MatMul product -> product(product, node, inputs);
      case Reshaping _ -> inputs.getFirst();
      case Transpose(List<Integer> order) -> {
        long[] from = strides(node.input(0).shape());
        long[] strides = order.stream().mapToLong(axis -> from[axis]).toArray();
        yield view(inputs.getFirst(), shape, strides, 0);
      }
      case BroadcastTo _ -> repeated(node.input(0).shape(), inputs.getFirst(), shape);
      case Slice(List<Integer> from, List<Integer> _) -> {
        long[] strides = strides(node.input(0).shape());
        long offset = 0;
        for (int axis = 0; axis < strides.length; axis++) {
          offset += from.get(axis) * strides[axis];
        }
        yield view(inputs.getFirst(), shape, strides, offset);
      }
      case Pad(List<Integer> before, List<Integer> _) -> {
        double[] y = new double[Math.toIntExact(shape.size())];
        put(
            inputs.getFirst(),
            node.input(0).shape(),
            y,
            shape,
            before.stream().mapToInt(n -> n).toArray());
        yield y;
      }
      case Concatenation(int axis) -> {
        double[] y = new double[Math.toIntExact(shape.size())];
        int[] at = new int[shape.rank()];
        for (int i = 0; i < inputs.size(); i++) {
          put(inputs.get(i), node.input(i).shape(), y, shape, at);
          at[axis] += node.input(i).shape().dim(axis);
        }
        yield y;
      }
      case Gather _ -> rows(node.input(0).shape(), inputs.get(0), inputs.get(1));
      case Batch _, Parameter _, Scalar _, UniformRandom _, RowSoftmax _, RowLogSoftmax _ ->
          throw new IllegalStateException("not foldable: " + node);
      case Convolution2D _, Convolution2DInputGradient _, Convolution2DKernelGradient _ ->
          throw new IllegalStateException("not foldable: " + node);
      case MaxPool2D _, MaxPool2DGradient _, AveragePool2D _, AveragePool2DGradient _ ->
          throw new IllegalStateException("not foldable: " + node);
      case GatherGradient _ -> throw new IllegalStateException("not foldable: " + node);
    };
  }

  private static double[] filled(Shape shape, double value) {
    double[] y = new double[Math.toIntExact(shape.size())];
    Arrays.fill(y, value);
    return y;
  }

  /// Elements from one place of an axis to the next.
  private static long[] strides(Shape shape) {
    long[] strides = new long[shape.rank()];
    for (int axis = 0; axis < strides.length; axis++) {
      strides[axis] = shape.product(axis + 1, shape.rank());
    }
    return strides;
  }

  /// A copy that repeats axes of size 1, also where it has the same shape.
  private static double[] repeated(Shape from, double[] x, Shape to) {
    long[] own = strides(from);
    long[] strides = new long[to.rank()];
    int added = to.rank() - from.rank();
    for (int axis = added; axis < to.rank(); axis++) {
      strides[axis] = from.dim(axis - added) == 1 ? 0 : own[axis - added];
    }
    return view(x, to, strides, 0);
  }

  /// The elements of `shape` that lie `strides` apart in `x`.
  private static double[] view(double[] x, Shape shape, long[] strides, long offset) {
    double[] y = new double[Math.toIntExact(shape.size())];
    int[] index = new int[shape.rank()];
    long at = offset;
    for (int i = 0; i < y.length; i++) {
      y[i] = x[(int) at];
      for (int axis = index.length - 1; axis >= 0; axis--) {
        at += strides[axis];
        if (++index[axis] < shape.dim(axis)) {
          break;
        }
        at -= strides[axis] * index[axis];
        index[axis] = 0;
      }
    }
    return y;
  }

  /// Writes `x` into `y`, its first element at a place.
  private static void put(double[] x, Shape from, double[] y, Shape to, int... place) {
    long[] strides = strides(to);
    long at = 0;
    for (int axis = 0; axis < place.length; axis++) {
      at += place[axis] * strides[axis];
    }
    int[] index = new int[from.rank()];
    for (double value : x) {
      y[(int) at] = value;
      for (int axis = index.length - 1; axis >= 0; axis--) {
        at += strides[axis];
        if (++index[axis] < from.dim(axis)) {
          break;
        }
        at -= strides[axis] * index[axis];
        index[axis] = 0;
      }
    }
  }

  private static double[] reduced(Reduce reduce, Shape from, double[] x, Shape to) {
    double start = reduce.kind() == Reduce.Kind.SUM ? 0 : Double.NEGATIVE_INFINITY;
    double[] y = filled(to, start);
    double[] places = new double[y.length];
    Arrays.setAll(places, i -> i);
    double[] targets = repeated(to, places, from);
    for (int i = 0; i < x.length; i++) {
      int at = (int) targets[i];
      y[at] =
          switch (reduce.kind()) {
            case SUM -> y[at] + x[i];
            case MAX -> Math.max(y[at], x[i]);
          };
    }
    return y;
  }

  private static double[] places(int row, double[] x, Shape to) {
    double[] y = new double[Math.toIntExact(to.size())];
    for (int i = 0; i < y.length; i++) {
      int best = 0;
      for (int j = 1; j < row; j++) {
        best = x[i * row + j] > x[i * row + best] ? j : best;
      }
      y[i] = best;
    }
    return y;
  }

  private static double[] product(MatMul op, Node node, List<double[]> inputs) {
    int rows = node.shape().dim(-2);
    int columns = node.shape().dim(-1);
    int inner = node.input(0).shape().dim(op.transposeA() ? -2 : -1);
    double[] y = new double[Math.toIntExact(node.shape().size())];
    double[] a = inputs.get(0);
    double[] b = inputs.get(1);
    for (int i = 0; i < y.length; i++) {
      int matrix = i / (rows * columns);
      int row = i / columns % rows;
      int column = i % columns;
      double sum = 0;
      for (int k = 0; k < inner; k++) {
        int left = op.transposeA() ? k * rows + row : row * inner + k;
        int right = op.transposeB() ? column * inner + k : k * columns + column;
        sum += a[matrix * rows * inner + left] * b[matrix * inner * columns + right];
      }
      y[i] = sum;
    }
    return y;
  }

  private static double[] rows(Shape table, double[] x, double[] indices) {
    int units = table.dim(1);
    double[] y = new double[indices.length * units];
    for (int i = 0; i < indices.length; i++) {
      int row = Math.clamp((long) indices[i], 0, table.dim(0) - 1);
      System.arraycopy(x, row * units, y, i * units, units);
    }
    return y;
  }
}
