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
    return Node.of(new Transpose(List.of(order)), x);
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

  public static Node maxLast(Node x) {
    return Node.of(new Reduce(Reduce.Kind.MAX, List.of(x.shape().rank() - 1)), x);
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

  public static Node matmul(Node a, Node b, boolean transposeA, boolean transposeB) {
    return Node.of(new MatMul(transposeA, transposeB), a, b);
  }

  /// Convolution of (batch, height, width, channels) with (height, width, channels / groups,
  /// filters).
  public static Node conv2d(Node x, Node kernel, Window window, int groups) {
    return Node.of(new Convolution2D(window, groups), x, kernel);
  }

  public static Node maxPool2d(Node x, Window window) {
    return Node.of(new MaxPool2D(window), x);
  }

  public static Node averagePool2d(Node x, Window window) {
    return Node.of(new AveragePool2D(window), x);
  }
}
