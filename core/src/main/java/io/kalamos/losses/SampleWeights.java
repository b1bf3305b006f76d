package io.kalamos.losses;

import static io.kalamos.engine.Ops.*;

import io.kalamos.engine.DType;
import io.kalamos.engine.Node;
import io.kalamos.engine.Shape;
import io.kalamos.engine.ShapeException;
import java.util.Optional;

/// How weights and masks meet the values that they weigh.
public final class SampleWeights {
  private SampleWeights() {}

  /// The weight in the type of the values and in a shape that broadcasts to theirs: axes of size 1
  /// are added or taken away at the end, so that a weight for each sample, (batch), weighs all of
  /// its time steps. A single value takes the weight's shape.
  ///
  /// @throws ShapeException where it does not fit
  public static Node fitting(Node weight, Node values) {
    Shape wanted = values.shape();
    if (wanted.rank() == 0) {
      return cast(weight, values.dtype());
    }
    Shape shape = weight.shape();
    while (shape.rank() < wanted.rank()) {
      shape = shape.append(1);
    }
    while (shape.rank() > wanted.rank() && shape.dim(-1) == 1) {
      shape = shape.slice(0, shape.rank() - 1);
    }
    boolean fits = shape.rank() == wanted.rank();
    for (int axis = 0; fits && axis < wanted.rank(); axis++) {
      fits = shape.dim(axis) == wanted.dim(axis) || shape.dim(axis) == 1;
    }
    if (!fits) {
      throw new ShapeException(
          "sample weights: expected a shape that repeats to "
              + wanted
              + ", received weight="
              + weight.dtype()
              + weight.shape()
              + ". Give one weight for each sample, or one for each time step.");
    }
    return cast(reshape(weight, shape), values.dtype());
  }

  /// Weights of which masked ones are 0; a mask of time steps beside weights of samples gives
  /// weights of time steps.
  public static Optional<Node> masked(Optional<Node> weight, Optional<Node> mask) {
    if (weight.isEmpty() || mask.isEmpty()) {
      return weight.isPresent() ? weight : mask;
    }
    DType dtype = Operands.wide(weight.get()).dtype();
    Node given = cast(weight.get(), dtype);
    Node counted = cast(mask.get(), dtype);
    boolean finer = given.shape().rank() > counted.shape().rank();
    return Optional.of(
        finer
            ? multiply(given, fitting(counted, given))
            : multiply(fitting(given, counted), counted));
  }

  static Optional<Node> product(Optional<Node> a, Optional<Node> b) {
    return a.isPresent() && b.isPresent()
        ? Optional.of(multiply(a.get(), b.get()))
        : a.isPresent() ? a : b;
  }

  /// a / b, and 0 where b is 0.
  static Node ratio(Node a, Node b) {
    Node zero = equal(b, like(b, 0));
    return multiply(divide(a, add(b, zero)), subtract(1, zero));
  }
}
