package io.kalamos.losses;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Cast;
import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Op;
import io.kalamos.engine.Shape;
import io.kalamos.engine.ShapeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// How losses and metrics bring targets and predictions to one shape and one type.
///
/// All arithmetic is float32, or float64 where the prediction is, whatever a model computes in.
public final class Operands {
  private Operands() {}

  /// Bfloat16 and whole numbers become float32.
  public static Node wide(Node x) {
    return cast(x, x.dtype() == DType.FLOAT64 ? DType.FLOAT64 : DType.FLOAT32);
  }

  /// What `activation` was applied to, where the prediction is its result, in the wide type.
  ///
  /// A conversion of type behind the activation does not hide it. A loss that starts from there
  /// needs no logarithm of a probability that was rounded to 0.
  public static Optional<Node> below(Op activation, Node prediction) {
    Node result =
        prediction.op() instanceof Cast && prediction.dtype().floating()
            ? prediction.input(0)
            : prediction;
    return result.op().equals(activation)
        ? Optional.of(cast(result.input(0), wide(prediction).dtype()))
        : Optional.empty();
  }

  /// The target in the prediction's shape and type; a last axis of size 1 may be missing or too
  /// many.
  ///
  /// @throws ShapeException where they differ otherwise
  public static Node same(String where, Node target, Node prediction) {
    Shape shape = prediction.shape();
    boolean fits =
        target.shape().equals(shape)
            || target.shape().append(1).equals(shape)
            || target.shape().equals(shape.append(1));
    if (!fits) {
      throw new ShapeException(
          where
              + ": expected targets of the predictions' shape "
              + shape
              + ", received target="
              + target.dtype()
              + target.shape()
              + ". Give one target value for each output, or change the last layer's units.");
    }
    return cast(reshape(target, shape), prediction.dtype());
  }

  /// The class indices with a last axis of size 1, in the prediction's type.
  ///
  /// @throws ShapeException where there is not one index for each sample
  public static Node indices(String where, Node target, Node prediction) {
    Shape each = prediction.shape().slice(0, prediction.shape().rank() - 1);
    if (!target.shape().equals(each) && !target.shape().equals(each.append(1))) {
      throw new ShapeException(
          where
              + ": expected class indices of shape "
              + each
              + " or "
              + each.append(1)
              + " beside predictions of shape "
              + prediction.shape()
              + ", received target="
              + target.dtype()
              + target.shape()
              + ". For one-hot targets use categorical_crossentropy and categorical_accuracy.");
    }
    return cast(reshape(target, each.append(1)), prediction.dtype());
  }

  /// One-hot targets in the prediction's wide type.
  ///
  /// @throws ShapeException where they do not have its shape
  static Node oneHot(String where, Node target, Node prediction) {
    if (!target.shape().equals(prediction.shape())) {
      throw new ShapeException(
          where
              + ": expected one-hot targets of the predictions' shape "
              + prediction.shape()
              + ", received target="
              + target.dtype()
              + target.shape()
              + ". For class indices use sparse_categorical_crossentropy.");
    }
    return cast(target, wide(prediction).dtype());
  }

  /// The same with an axis moved to the end; -1 is the last one.
  ///
  /// @throws ShapeException where there is no such axis
  public static Node toLast(String where, Node x, int axis) {
    int rank = x.shape().rank();
    int moved = axis(where, x.shape(), axis);
    if (moved == rank - 1) {
      return x;
    }
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < rank; i++) {
      if (i != moved) {
        order.add(i);
      }
    }
    order.add(moved);
    return transpose(x, order.toArray(Integer[]::new));
  }

  /// The sum over axes, which go away; over all where none are named.
  static Node sumOver(String where, Node x, Optional<List<Integer>> axes) {
    if (axes.isEmpty()) {
      return sumAll(x);
    }
    List<Integer> summed = axes.get().stream().map(axis -> axis(where, x.shape(), axis)).toList();
    int[] kept =
        IntStream.range(0, x.shape().rank())
            .filter(axis -> !summed.contains(axis))
            .map(x.shape()::dim)
            .toArray();
    return reshape(sum(x, summed.toArray(Integer[]::new)), Shape.of(kept));
  }

  private static int axis(String where, Shape shape, int axis) {
    int rank = shape.rank();
    if (axis < -rank || axis >= rank) {
      throw new ShapeException(
          where
              + ": expected an axis of predictions of shape "
              + shape
              + ", received axis="
              + axis
              + ". Use -1, the last one.");
    }
    return axis < 0 ? axis + rank : axis;
  }

  /// Vectors along the last axis scaled to length 1; those shorter than 1e-7 become shorter ones.
  public static Node unit(Node x) {
    Node inverse = rsqrt(sumLast(square(x)));
    return multiply(x, minimum(inverse, 1 / LogProbabilities.EPSILON));
  }

  /// The mean over the last axis, which goes away; single numbers for samples stay.
  public static Node meanOverLast(Node x) {
    if (x.shape().rank() == 1) {
      return x;
    }
    return withoutLast(x.shape().dim(-1) == 1 ? x : meanLast(x));
  }

  /// The sum over the last axis, which goes away.
  public static Node sumOverLast(Node x) {
    return withoutLast(sumLast(x));
  }

  /// The same without the last axis, which has size 1.
  static Node withoutLast(Node x) {
    return reshape(x, x.shape().slice(0, x.shape().rank() - 1));
  }
}
