package io.kalamos.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// The vocabulary of symbolic arithmetic: what layers, losses, optimizers and users' own functions
/// are written in. Every function writes one or a few nodes and computes nothing.
public final class Ops {
  private Ops() {}

  // Where values come from

  public static Node parameter(Variable variable) {
    return Node.of(new Parameter(variable));
  }

  public static Node scalar(String name) {
    return Node.of(new Scalar(name));
  }

  public static Node constant(Tensor tensor) {
    return Node.of(new Literal(tensor));
  }

  public static Node fill(double value, Shape shape, DType dtype) {
    return Node.of(new Fill(value, shape, dtype));
  }

  /// A single number of the type of `x`, which repeats to any shape.
  public static Node like(Node x, double value) {
    return fill(value, Shape.SCALAR, x.dtype());
  }

  /// Uniform numbers in [0, 1), of the shape and type of `x`, from a stream of their own.
  public static Node randomUniform(Node x, int stream) {
    return Node.of(new UniformRandom(stream, x.shape(), x.dtype()));
  }

  // Arithmetic

  public static Node add(Node a, Node b) {
    return Node.of(Binary.ADD, a, b);
  }

  public static Node add(Node a, double b) {
    return add(a, like(a, b));
  }

  public static Node subtract(Node a, Node b) {
    return Node.of(Binary.SUBTRACT, a, b);
  }

  public static Node subtract(Node a, double b) {
    return subtract(a, like(a, b));
  }

  public static Node subtract(double a, Node b) {
    return subtract(like(b, a), b);
  }

  public static Node multiply(Node a, Node b) {
    return Node.of(Binary.MULTIPLY, a, b);
  }

  public static Node multiply(Node a, double b) {
    return multiply(a, like(a, b));
  }

  public static Node divide(Node a, Node b) {
    return Node.of(Binary.DIVIDE, a, b);
  }

  public static Node divide(Node a, double b) {
    return divide(a, like(a, b));
  }

  public static Node divide(double a, Node b) {
    return divide(like(b, a), b);
  }

  public static Node maximum(Node a, Node b) {
    return Node.of(Binary.MAXIMUM, a, b);
  }

  public static Node maximum(Node a, double b) {
    return maximum(a, like(a, b));
  }

  public static Node minimum(Node a, Node b) {
    return Node.of(Binary.MINIMUM, a, b);
  }

  public static Node minimum(Node a, double b) {
    return minimum(a, like(a, b));
  }

  public static Node clip(Node x, double low, double high) {
    return minimum(maximum(x, low), high);
  }

  public static Node power(Node a, Node b) {
    return Node.of(Binary.POWER, a, b);
  }

  public static Node square(Node x) {
    return multiply(x, x);
  }

  public static Node neg(Node x) {
    return Node.of(Unary.NEG, x);
  }

  public static Node abs(Node x) {
    return Node.of(Unary.ABS, x);
  }

  public static Node sign(Node x) {
    return Node.of(Unary.SIGN, x);
  }

  public static Node exp(Node x) {
    return Node.of(Unary.EXP, x);
  }

  public static Node log(Node x) {
    return Node.of(Unary.LOG, x);
  }

  public static Node sqrt(Node x) {
    return Node.of(Unary.SQRT, x);
  }

  public static Node rsqrt(Node x) {
    return Node.of(Unary.RSQRT, x);
  }

  public static Node sin(Node x) {
    return Node.of(Unary.SIN, x);
  }

  public static Node cos(Node x) {
    return Node.of(Unary.COS, x);
  }

  public static Node tanh(Node x) {
    return Node.of(Unary.TANH, x);
  }

  public static Node sigmoid(Node x) {
    return Node.of(Unary.SIGMOID, x);
  }

  public static Node relu(Node x) {
    return Node.of(Unary.RELU, x);
  }

  public static Node erf(Node x) {
    return Node.of(Unary.ERF, x);
  }

  public static Node floor(Node x) {
    return Node.of(Unary.FLOOR, x);
  }

  public static Node round(Node x) {
    return Node.of(Unary.ROUND, x);
  }

  // Comparisons give 1 or 0 in the operands' type

  public static Node equal(Node a, Node b) {
    return Node.of(Binary.EQUAL, a, b);
  }

  public static Node notEqual(Node a, Node b) {
    return Node.of(Binary.NOT_EQUAL, a, b);
  }

  public static Node greater(Node a, Node b) {
    return Node.of(Binary.GREATER, a, b);
  }

  public static Node greater(Node a, double b) {
    return greater(a, like(a, b));
  }

  public static Node greaterEqual(Node a, double b) {
    return Node.of(Binary.GREATER_EQUAL, a, like(a, b));
  }

  public static Node less(Node a, Node b) {
    return Node.of(Binary.LESS, a, b);
  }

  /// `condition != 0 ? a : b`.
  public static Node select(Node condition, Node a, Node b) {
    return Node.of(new Select(), condition, a, b);
  }

  // Shapes and types

  /// Converts the element type; nothing happens where it is the same.
  public static Node cast(Node x, DType to) {
    return x.dtype() == to ? x : Node.of(new Cast(to), x);
  }

  /// The same elements under another shape; nothing happens where it is the same.
  public static Node reshape(Node x, Shape to) {
    return x.shape().equals(to) ? x : Node.of(new Reshaping(to), x);
  }

  public static Node transpose(Node x, Integer... order) {
    return order.length == 0 && x.shape().rank() == 0
        ? x
        : Node.of(new Transpose(List.of(order)), x);
  }

  /// Repeats elements to a shape; nothing happens where it is the same.
  public static Node broadcastTo(Node x, Shape to) {
    return x.shape().equals(to) ? x : Node.of(new BroadcastTo(to), x);
  }

  /// Sums what broadcasting repeated, so that the result has the shape `to`; the adjoint of
  /// [#broadcastTo]. `null` stays `null`.
  static Node sumTo(Node x, Shape to) {
    if (x == null || x.shape().equals(to)) {
      return x;
    }
    int added = x.shape().rank() - to.rank();
    List<Integer> axes = new ArrayList<>();
    for (int axis = 0; axis < x.shape().rank(); axis++) {
      boolean repeated = axis < added || to.dim(axis - added) == 1 && x.shape().dim(axis) != 1;
      if (repeated) {
        axes.add(axis);
      }
    }
    return reshape(Node.of(new Reduce(Reduce.Kind.SUM, axes), x), to);
  }

  /// The elements `from` (inclusive) to `to` (exclusive) of an axis, negative axes counting from
  /// the end; nothing happens where these are all.
  public static Node slice(Node x, int axis, int from, int to) {
    int positive = axis("slice", axis, x.shape());
    boolean whole = from == 0 && to == x.shape().dim(positive);
    return whole ? x : Node.of(Slice.of(x.shape(), positive, from, to), x);
  }

  /// So many zeros before and after the elements of each axis; nothing happens where these are
  /// none.
  public static Node pad(Node x, int[] before, int[] after) {
    Pad pad = new Pad(IntStream.of(before).boxed().toList(), IntStream.of(after).boxed().toList());
    return pad.shape(List.of(x)).equals(x.shape()) ? x : Node.of(pad, x);
  }

  /// The parts one behind the other along an axis; negative axes count from the end.
  public static Node concatenate(int axis, Node... parts) {
    return concatenate(axis, List.of(parts));
  }

  /// The parts one behind the other along an axis; negative axes count from the end.
  public static Node concatenate(int axis, List<Node> parts) {
    if (parts.isEmpty()) {
      throw new ShapeException(
          "concatenate: expected 1 part or more, received parts=[]. Give something to join.");
    }
    int positive = axis("concatenate", axis, parts.getFirst().shape());
    return parts.size() == 1 ? parts.getFirst() : Node.of(new Concatenation(positive), parts);
  }

  /// Parts of one shape along a new axis; negative axes count from the end of the result.
  public static Node stack(int axis, Node... parts) {
    return stack(axis, List.of(parts));
  }

  /// Parts of one shape along a new axis; negative axes count from the end of the result.
  public static Node stack(int axis, List<Node> parts) {
    Shape first = parts.isEmpty() ? Shape.SCALAR : parts.getFirst().shape();
    int positive = axis("stack", axis, first.prepend(1));
    return concatenate(
        positive,
        parts.stream().map(part -> reshape(part, widened(part.shape(), positive))).toList());
  }

  private static Shape widened(Shape shape, int axis) {
    int at = Math.min(axis, shape.rank());
    return Shape.of(
        IntStream.concat(
                IntStream.concat(IntStream.of(shape.slice(0, at).toArray()), IntStream.of(1)),
                IntStream.of(shape.slice(at, shape.rank()).toArray()))
            .toArray());
  }

  /// So many equal parts of an axis; negative axes count from the end.
  public static List<Node> split(Node x, int axis, int parts) {
    int positive = axis("split", axis, x.shape());
    int size = x.shape().dim(positive);
    if (parts < 1 || size % parts != 0) {
      throw new ShapeException(
          "split: expected a number of parts that divides axis "
              + positive
              + " of "
              + x.shape()
              + ", received parts="
              + parts
              + ". Choose a divisor of "
              + size
              + ".");
    }
    int each = size / parts;
    return IntStream.range(0, parts)
        .mapToObj(part -> slice(x, positive, part * each, (part + 1) * each))
        .toList();
  }

  /// The elements of an axis in reverse order; negative axes count from the end.
  public static Node reverse(Node x, int axis) {
    int positive = axis("reverse", axis, x.shape());
    return concatenate(positive, split(x, positive, x.shape().dim(positive)).reversed());
  }

  /// Rows of a matrix (vocabulary, units) by whole numbers: indices.shape + (units). An index
  /// outside of the matrix takes its nearest row.
  public static Node gather(Node table, Node indices) {
    return Node.of(new Gather(), table, indices);
  }

  private static int axis(String name, int axis, Shape shape) {
    int positive = axis < 0 ? axis + shape.rank() : axis;
    if (positive < 0 || positive >= shape.rank()) {
      throw new ShapeException(
          name
              + ": expected an axis of "
              + shape
              + ", received axis="
              + axis
              + ". Choose one from "
              + -shape.rank()
              + " to "
              + (shape.rank() - 1)
              + ".");
    }
    return positive;
  }

  // Reductions; reduced axes stay with size 1

  public static Node sum(Node x, Integer... axes) {
    return Node.of(new Reduce(Reduce.Kind.SUM, List.of(axes)), x);
  }

  /// The sum of all elements, a single number.
  public static Node sumAll(Node x) {
    return reshape(
        sum(x, IntStream.range(0, x.shape().rank()).boxed().toArray(Integer[]::new)), Shape.SCALAR);
  }

  /// The mean of all elements, a single number.
  public static Node meanAll(Node x) {
    return divide(sumAll(x), x.shape().size());
  }

  public static Node mean(Node x, Integer... axes) {
    Node sum = sum(x, axes);
    return multiply(sum, (double) sum.shape().size() / x.shape().size());
  }

  public static Node sumLast(Node x) {
    return sum(x, x.shape().rank() - 1);
  }

  public static Node meanLast(Node x) {
    return mean(x, x.shape().rank() - 1);
  }

  public static Node max(Node x, Integer... axes) {
    return Node.of(new Reduce(Reduce.Kind.MAX, List.of(axes)), x);
  }

  public static Node maxLast(Node x) {
    return max(x, x.shape().rank() - 1);
  }

  /// The index of the greatest element along the last axis, which stays with size 1; int32.
  public static Node argMax(Node x) {
    return Node.of(new ArgMax(), x);
  }

  public static Node softmax(Node x) {
    return Node.of(new RowSoftmax(), x);
  }

  public static Node logSoftmax(Node x) {
    return Node.of(new RowLogSoftmax(), x);
  }

  /// 1 at each index, 0 elsewhere: indices of shape (..., 1) become (..., classes) of type `dtype`.
  public static Node oneHot(Node indices, int classes, DType dtype) {
    Tensor range = Tensor.zeros(dtype, Shape.of(classes));
    for (int i = 0; i < classes; i++) {
      range.set(i, i);
    }
    return equal(cast(indices, dtype), constant(range));
  }

  // Products

  public static Node matmul(Node a, Node b) {
    return matmul(a, b, false, false);
  }

  /// The product of matrices (..., m, k) and (..., k, n); axes in front are equal in both, and each
  /// of their places has a product of its own; a single matrix (k, n) multiplies all of them.
  public static Node matmul(Node a, Node b, boolean transposeA, boolean transposeB) {
    if (a.shape().rank() > 2 && b.shape().rank() == 2 && !transposeA) {
      Shape shape = a.shape();
      int rows = Math.toIntExact(shape.product(0, shape.rank() - 1));
      Node product = matmul(reshape(a, Shape.of(rows, shape.dim(-1))), b, false, transposeB);
      return reshape(product, shape.with(-1, product.shape().dim(1)));
    }
    return Node.of(new MatMul(transposeA, transposeB), a, b);
  }

  /// Convolution of (batch, height, width, channels) with (height, width, channels / groups,
  /// filters).
  public static Node conv2d(Node x, Node kernel, Window window, int groups) {
    return Node.of(new Convolution2D(window, groups), x, kernel);
  }

  /// The adjoint of [#conv2d], which widens pictures (batch, height, width, channels) to (batch,
  /// outputHeight, outputWidth, filters) by a kernel (height, width, filters, channels); the window
  /// is that of the convolution from the output to `x`.
  public static Node conv2dTranspose(
      Node x, Node kernel, Window window, int outputHeight, int outputWidth) {
    int filters = kernel.shape().rank() == 4 ? kernel.shape().dim(2) : 0;
    Shape output = Shape.of(x.shape().dim(0), outputHeight, outputWidth, filters);
    return Node.of(new Convolution2DInputGradient(window, 1, output), x, kernel);
  }

  public static Node maxPool2d(Node x, Window window) {
    return Node.of(new MaxPool2D(window), x);
  }

  public static Node averagePool2d(Node x, Window window) {
    return Node.of(new AveragePool2D(window), x);
  }
}
