package io.kalamos.losses;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.Cast;
import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Op;
import io.kalamos.engine.Shape;
import io.kalamos.engine.ShapeException;
import java.util.Optional;

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
