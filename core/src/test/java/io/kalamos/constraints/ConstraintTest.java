package io.kalamos.constraints;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Tensor;
import io.kalamos.engine.Variable;
import io.kalamos.golden.Reference;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConstraintTest {
  private static final Node WEIGHT =
      Ops.parameter(new Variable("w", Tensor.of(new float[] {3, -1, 4, 0}, 2, 2), true));

  private static void gives(Constraint constraint, double... expected) {
    assertArrayEquals(expected, Reference.values(constraint.project(WEIGHT)), 1e-6);
  }

  @Test
  void vectorsAreColumnsUnlessToldOtherwise() {
    gives(NonNeg.of(), 3, 0, 4, 0);
    gives(MaxNorm.of(2), 1.2, -1, 1.6, 0);
    gives(MaxNorm.of(2).axis(0, 1), 6 / Math.sqrt(26), -2 / Math.sqrt(26), 8 / Math.sqrt(26), 0);
    gives(UnitNorm.of(), 0.6, -1, 0.8, 0);
    gives(UnitNorm.of().axis(-1), 3 / Math.sqrt(10), -1 / Math.sqrt(10), 1, 0);
    gives(MinMaxNorm.of(2, 4), 2.4, -2, 3.2, 0);
    gives(MinMaxNorm.of(2, 4).rate(0.5), 2.7, -1.5, 3.6, 0);
  }

  record Wrong(String message, Runnable wrong) {
    @Override
    public String toString() {
      return message;
    }
  }

  static List<Wrong> wrong() {
    return List.of(
        new Wrong(
            "MaxNorm: expected a finite maxValue of 0 or more, received maxValue=-1.0. Keras's"
                + " default is 2.",
            () -> MaxNorm.of(-1)),
        new Wrong(
            "MaxNorm: expected one or more axes, each once, received axis=[]. Keras's default is"
                + " 0.",
            () -> new MaxNorm(2, List.of())),
        new Wrong(
            "UnitNorm: expected one or more axes, each once, received axis=[1, 1]. Keras's default"
                + " is 0.",
            () -> UnitNorm.of().axis(1, 1)),
        new Wrong(
            "UnitNorm: expected axes of a weight of shape (2, 2), received axis=[2]. Use 0 for a"
                + " dense kernel (inputs, units), and 0, 1, 2 for a kernel of a 2D convolution.",
            () -> UnitNorm.of().axis(2).project(WEIGHT)),
        new Wrong(
            "MinMaxNorm: expected a finite minValue of 0 or more, received minValue=NaN. Keras's"
                + " default is 0.",
            () -> MinMaxNorm.of(Double.NaN, 1)),
        new Wrong(
            "MinMaxNorm: expected a finite maxValue of 0 or more, received maxValue=Infinity."
                + " Keras's default is 1.",
            () -> MinMaxNorm.of(0, Double.POSITIVE_INFINITY)),
        new Wrong(
            "MinMaxNorm: expected maxValue of at least minValue=2.0, received maxValue=1.0. Swap"
                + " them.",
            () -> MinMaxNorm.of(2, 1)),
        new Wrong(
            "MinMaxNorm: expected rate above 0 and up to 1, received rate=0.0. Keras's default is"
                + " 1.",
            () -> MinMaxNorm.of().rate(0)));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void messages(Wrong row) {
    assertEquals(
        row.message, assertThrows(IllegalArgumentException.class, row.wrong::run).getMessage());
  }
}
