package io.kalamos.data;

import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import java.util.List;

/// Whole numbers in order.
record Numbers(int from, int to) implements Stage {
  @Override
  public Pass open(long epoch) {
    return new IndexPass(cardinality(), i -> () -> number(from + i));
  }

  private static Element number(long value) {
    Tensor number = Tensor.zeros(DType.INT32, Shape.SCALAR);
    number.set(0, value);
    return Element.of(number);
  }

  @Override
  public long cardinality() {
    return Math.max(0, (long) to - from);
  }

  @Override
  public String label() {
    return from == 0 ? "range(" + to + ")" : "range(" + from + ", " + to + ")";
  }

  @Override
  public List<Stage> sources() {
    return List.of();
  }
}
