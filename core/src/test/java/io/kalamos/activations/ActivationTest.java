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
import org.junit.jupiter.api.Test;

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
  void messages() {
    assertEquals(
        "activation: expected one of linear, relu, sigmoid, softmax, tanh, received name=gelu. Use"
            + " one of these, or write an own function over Ops.",
        assertThrows(IllegalArgumentException.class, () -> Activations.named("gelu")).getMessage());
  }
}
