package io.kalamos.options;

import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.ShapeException;
import io.kalamos.engine.Tensor;

/// How much layers may write into the graphs of models that are made meanwhile, beside weights.
///
/// The sizes of a file's inputs cost the file nothing: some digits may ask for a billion time steps
/// or a matrix of terabytes. Models made in code have no such limit.
public final class GraphLimit {
  private static final long MOST_STEPS = 50_000;
  private static final long MOST_BYTES = 1L << 28;

  private static final class Left {
    private long steps = MOST_STEPS;
    private double bytes = MOST_BYTES;
  }

  private static final ScopedValue<Left> LEFT = ScopedValue.newInstance();

  private GraphLimit() {}

  /// Does something that makes models.
  public static <T, X extends Exception> T within(ScopedValue.CallableOp<? extends T, X> making)
      throws X {
    return ScopedValue.where(LEFT, new Left()).call(making);
  }

  /// A layer is about to write so many time steps, each by itself.
  ///
  /// @throws ShapeException where there is a limit and they exceed it
  public static void steps(int steps) {
    if (!LEFT.isBound()) {
      return;
    }
    Left left = LEFT.get();
    left.steps -= steps;
    if (left.steps < 0) {
      throw new ShapeException(
          "expected at most "
              + MOST_STEPS
              + " time steps in a file's recurrent layers, as each is written by itself, received"
              + " steps="
              + steps
              + ". Shorten the sequences, or build the model in Java and load the weights alone.");
    }
  }

  /// Zeros, for a constant whose size follows from that of a layer's input.
  ///
  /// @throws ShapeException where there is a limit and they exceed it
  public static Tensor zeros(DType type, Shape shape) {
    if (LEFT.isBound()) {
      Left left = LEFT.get();
      double bytes = type.bytes();
      for (int size : shape.toArray()) {
        bytes *= size;
      }
      left.bytes -= bytes;
      if (left.bytes < 0) {
        throw new ShapeException(
            "expected constants of at most "
                + MOST_BYTES
                + " bytes in a file's layers, received shape="
                + shape
                + ". Give the model smaller inputs.");
      }
    }
    return Tensor.zeros(type, shape);
  }
}
