package io.kalamos.regularizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kalamos.engine.Gradients;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.engine.Variable;
import io.kalamos.golden.Reference;
import java.util.List;
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

  /// As TensorFlow and PyTorch have it; on JAX Keras takes 1 at 0.
  @Test
  void theDerivativeOfL1AtZeroIsZero() {
    Node gradient = Gradients.of(L1.of(0.5).penalty(WEIGHT), List.of(WEIGHT)).getFirst();
    assertArrayEquals(new double[] {0.5, -0.5, 0.5, 0}, Reference.values(gradient), 1e-7);
  }

  /// Rows (1, -2) and (3, 0): the cosine is 3 / (sqrt(5) * 3).
  @Test
  void orthogonalRowsAndColumns() {
    Node rows = OrthogonalRegularizer.of(2).penalty(WEIGHT);
    assertEquals(2 / Math.sqrt(5), Reference.value(rows), 1e-6);
    Node columns =
        OrthogonalRegularizer.of(2).mode(OrthogonalRegularizer.Mode.COLUMNS).penalty(WEIGHT);
    assertEquals(2 / Math.sqrt(10), Reference.value(columns), 1e-6);
    Node one = Ops.parameter(new Variable("w", Tensor.of(new float[] {1, 2}, 1, 2), true));
    assertEquals(0, Reference.value(OrthogonalRegularizer.of().penalty(one)), "no pair, no price");
  }

  @Test
  void messages() {
    refuses(
        "OrthogonalRegularizer: expected a finite factor of 0 or more, received factor=-1.0."
            + " Keras's default is 0.01.",
        () -> OrthogonalRegularizer.of(-1));
    Node vector = Ops.parameter(new Variable("w", Tensor.of(new float[] {1, 2}, 2), true));
    refuses(
        "OrthogonalRegularizer: expected a weight with two axes, received shape=(2,). Use it for"
            + " kernels of dense layers.",
        () -> OrthogonalRegularizer.of().penalty(vector));
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
