package io.kalamos.activations;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
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

class ActivationTest {
  private static final Node X =
      Ops.parameter(new Variable("x", Tensor.of(new float[] {-1, 0, 2}, 1, 3), true));

  private static void gives(ActivationFunction activation, double... expected) {
    assertArrayEquals(expected, Reference.values(activation.apply(X)), 1e-6);
  }

  @Test
  void values() {
    gives(Activations.LINEAR, -1, 0, 2);
    gives(Activations.RELU, 0, 0, 2);
    gives(Activations.SIGMOID, 0.26894142, 0.5, 0.88079708);
    gives(Activations.TANH, -0.76159416, 0, 0.96402758);
    gives(Activations.SOFTMAX, 0.04201007, 0.11419519, 0.84379473);
  }

  @Test
  void namesAreThoseOfKeras() {
    Activations.ALL.forEach(a -> assertSame(a, Activations.named(a.name())));
    ActivationFunction own = x -> Ops.multiply(x, 2);
    gives(own.named("twice"), -2, 0, 4);
    assertEquals("twice", own.named("twice").name());
    assertEquals("custom", own.name());
  }

  @Test
  void secondNames() {
    assertSame(Activations.SILU, Activations.named("swish"));
    assertSame(Activations.HARD_SILU, Activations.named("hard_swish"));
  }

  @Test
  void optionsStandInTheRecord() {
    assertEquals(Gelu.of(), Activations.GELU);
    assertEquals(LeakyRelu.of(0.2), Activations.LEAKY_RELU);
    gives(Relu.of(), 0, 0, 2);
    gives(Relu.of().negativeSlope(0.5).maxValue(1), -0.5, 0, 1);
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
            "activation: expected one of celu, elu, exponential, gelu, glu, hard_shrink,"
                + " hard_sigmoid, hard_silu, hard_swish, hard_tanh, leaky_relu, linear, log_sigmoid, log_softmax,"
                + " mish, relu, relu6, selu, sigmoid, silu, soft_shrink, softmax, softplus,"
                + " softsign, sparse_plus, sparse_sigmoid, squareplus, swish, tanh, tanh_shrink,"
                + " received name=gello. Use one of these, or write an own function over Ops.",
            () -> Activations.named("gello")),
        new Wrong(
            "elu: expected a finite alpha, received alpha=NaN. Keras's default is 1.",
            () -> Elu.of(Double.NaN)),
        new Wrong(
            "celu: expected a finite alpha above 0, received alpha=0.0. Keras's default is 1.",
            () -> Celu.of(0)),
        new Wrong(
            "leaky_relu: expected a finite negativeSlope, received negativeSlope=Infinity. Keras's"
                + " default is 0.2.",
            () -> LeakyRelu.of(Double.POSITIVE_INFINITY)),
        new Wrong(
            "relu: expected a finite negativeSlope of 0 or more, received negativeSlope=-0.1."
                + " Keras's default is 0.",
            () -> Relu.of().negativeSlope(-0.1)),
        new Wrong(
            "relu: expected a finite maxValue of 0 or more, received maxValue=-1.0. Leave it out"
                + " for no upper bound.",
            () -> Relu.of().maxValue(-1)),
        new Wrong(
            "relu: expected a finite threshold, received threshold=NaN. Keras's default is 0.",
            () -> Relu.of().threshold(Double.NaN)),
        new Wrong(
            "hard_shrink: expected a finite threshold of 0 or more, received threshold=-0.5."
                + " Keras's default is 0.5.",
            () -> HardShrink.of(-0.5)),
        new Wrong(
            "soft_shrink: expected a finite threshold of 0 or more, received threshold=-0.5."
                + " Keras's default is 0.5.",
            () -> SoftShrink.of(-0.5)),
        new Wrong(
            "squareplus: expected a finite b above 0, received b=0.0. Keras's default is 4.",
            () -> Squareplus.of(0)),
        new Wrong(
            "threshold: expected a finite defaultValue, received defaultValue=NaN. Give a number,"
                + " such as 0.",
            () -> Threshold.of(0, Double.NaN)),
        new Wrong(
            "glu: expected an even size along axis -1, received x=(1, 3). Give the layer before it"
                + " twice the units.",
            () -> Glu.of().apply(X)),
        new Wrong(
            "glu: expected an even size along axis 2, received x=(1, 3). Give the layer before it"
                + " twice the units.",
            () -> Glu.of(2).apply(X)));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void messages(Wrong row) {
    assertEquals(
        row.message, assertThrows(IllegalArgumentException.class, row.wrong::run).getMessage());
  }
}
