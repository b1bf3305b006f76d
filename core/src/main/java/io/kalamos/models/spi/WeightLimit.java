package io.kalamos.models.spi;

import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.options.GraphLimit;
import io.kalamos.options.Refusal;

/// How many bytes of weights the models may have that are made meanwhile: those that a file holds.
///
/// A configuration of some bytes may ask for a layer of any size. Whoever makes a model of a file's
/// configuration does it within the limit of the file's weights, so that nothing larger is ever
/// allocated; [GraphLimit] holds for what else layers make.
public final class WeightLimit {
  private static final class Left {
    private final long all;
    private long bytes;

    Left(long all) {
      this.all = all;
      this.bytes = all;
    }
  }

  private static final ScopedValue<Left> LEFT = ScopedValue.newInstance();

  private WeightLimit() {}

  /// Does something that makes models.
  public static <T, X extends Exception> T within(
      long bytes, ScopedValue.CallableOp<? extends T, X> making) throws X {
    return ScopedValue.where(LEFT, new Left(bytes)).call(() -> GraphLimit.within(making));
  }

  /// A weight is about to be allocated.
  ///
  /// @throws IllegalArgumentException where there is a limit and the weight exceeds it
  public static void take(String path, DType type, Shape shape) {
    if (!LEFT.isBound()) {
      return;
    }
    Left left = LEFT.get();
    double bytes = type.bytes();
    for (int size : shape.toArray()) {
      bytes *= size;
    }
    if (bytes > left.bytes) {
      throw Refusal.of(
          path,
          "weights of " + left.all + " bytes in all, as the file holds",
          "shape",
          shape,
          "The configuration asks for more than the file brings; do not trust the file.");
    }
    left.bytes -= (long) bytes;
  }
}
