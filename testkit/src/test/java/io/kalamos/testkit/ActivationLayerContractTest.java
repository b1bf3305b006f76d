package io.kalamos.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kalamos.initializers.RandomNormal;
import io.kalamos.layers.ELU;
import io.kalamos.layers.Layer;
import io.kalamos.layers.LeakyReLU;
import io.kalamos.layers.PReLU;
import io.kalamos.layers.ReLU;
import io.kalamos.layers.Softmax;
import io.kalamos.regularizers.L2;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The contract of the layers that are activations, in their variants.
class ActivationLayerContractTest {
  private static Arguments over(Layer layer, int... sizes) {
    return Arguments.of(layer, sizes);
  }

  static Stream<Arguments> layers() {
    var normal = RandomNormal.of().stddev(0.5);
    return Stream.of(
        over(ReLU.of(), 5),
        over(ReLU.of().maxValue(0.5).negativeSlope(0.1).threshold(0.1), 3, 4),
        over(LeakyReLU.of(), 5),
        over(LeakyReLU.of(0.1), 3, 4),
        over(ELU.of(), 5),
        over(ELU.of(0.5), 3, 4),
        over(PReLU.of().alphaInitializer(normal), 5),
        over(
            PReLU.of().alphaInitializer(normal).sharedAxes(1, 2).alphaRegularizer(L2.of(0.1)),
            3,
            4,
            2),
        over(Softmax.of(), 5),
        over(Softmax.of().axis(1), 3, 4),
        over(Softmax.of().axis(1, 2), 3, 4, 2));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void keepsTheContract(Layer layer, int[] sizes) {
    LayerContract.check(layer, sizes);
  }

  @Test
  void coversTheLayers() {
    assertEquals(5, layers().map(row -> kind((Layer) row.get()[0])).distinct().count(), "kinds");
    assertEquals(11, layers().count(), "variants");
  }

  private static String kind(Layer layer) {
    return layer.kind();
  }
}
