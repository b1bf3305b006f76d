package io.kalamos.regularizers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.engine.Variable;
import io.kalamos.golden.Reference;
import org.junit.jupiter.api.Test;

class RegularizerTest {
  private static final Node WEIGHT =
      Ops.parameter(new Variable("w", Tensor.of(new float[] {1, -2, 3, 0}, 2, 2), true));

  @Test
  void penalties() {
    assertEquals(Shape.SCALAR, L2.of().penalty(WEIGHT).shape());
    assertEquals(0.06, Reference.value(L1.of().penalty(WEIGHT)), 1e-7);
    assertEquals(0.14, Reference.value(L2.of().penalty(WEIGHT)), 1e-7);
    assertEquals(0.6 + 2.8, Reference.value(L1L2.of(0.1, 0.2).penalty(WEIGHT)), 1e-6);
    assertEquals(0, Reference.value(L1L2.of().penalty(WEIGHT)));
  }

  @Test
  void messages() {
    refuses(
        "L1: expected a finite l1 of 0 or more, received l1=-0.1. Keras's default is 0.01.",
        () -> L1.of(-0.1));
    refuses(
        "L2: expected a finite l2 of 0 or more, received l2=NaN. Keras's default is 0.01.",
        () -> L2.of(Double.NaN));
    refuses(
        "L1L2: expected a finite l2 of 0 or more, received l2=-1.0. Use 0 for no such penalty.",
        () -> L1L2.of(0, -1));
  }

  private static void refuses(String message, Runnable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong::run).getMessage());
  }
}
