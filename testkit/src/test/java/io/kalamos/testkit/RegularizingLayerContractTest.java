package io.kalamos.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kalamos.initializers.RandomNormal;
import io.kalamos.layers.ActivityRegularization;
import io.kalamos.layers.AlphaDropout;
import io.kalamos.layers.Dropout;
import io.kalamos.layers.GaussianDropout;
import io.kalamos.layers.GaussianNoise;
import io.kalamos.layers.GroupNormalization;
import io.kalamos.layers.Layer;
import io.kalamos.layers.LayerNormalization;
import io.kalamos.layers.SpatialDropout1D;
import io.kalamos.layers.SpatialDropout2D;
import io.kalamos.regularizers.L2;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The contract of the layers that add noise or prices, and of those that normalise.
class RegularizingLayerContractTest {
  private static Arguments over(Layer layer, int... sizes) {
    return Arguments.of(layer, sizes);
  }

  static Stream<Arguments> layers() {
    var normal = RandomNormal.of().stddev(0.5);
    return Stream.of(
        over(Dropout.of(0.4).noiseShape(-1, 1, -1), 4, 5),
        over(SpatialDropout1D.of(0.4), 4, 6),
        over(SpatialDropout2D.of(0.4).seed(4), 3, 4, 6),
        over(GaussianNoise.of(0.5), 4, 5),
        over(GaussianNoise.of(0.5).seed(3), 6),
        over(GaussianDropout.of(0.3), 4, 5),
        over(AlphaDropout.of(0.3), 4, 5),
        over(AlphaDropout.of(0.3).noiseShape(-1, 1), 6),
        over(ActivityRegularization.of(0.1, 0.2), 4),
        over(LayerNormalization.of(), 6),
        over(LayerNormalization.of().axis(1, 2).gammaInitializer(normal), 3, 4, 2),
        over(LayerNormalization.of().axis(1).scale(false).epsilon(0.1), 4, 3),
        over(LayerNormalization.of().center(false).gammaRegularizer(L2.of(0.1)), 4, 3),
        over(GroupNormalization.of(2).betaInitializer(normal), 3, 4),
        over(GroupNormalization.of(-1).center(false), 3, 4, 2),
        over(GroupNormalization.of(2).axis(1).scale(false), 4, 3));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void keepsTheContract(Layer layer, int[] sizes) {
    LayerContract.check(layer, sizes);
  }

  @Test
  void coversTheLayers() {
    assertEquals(9, layers().map(row -> kind((Layer) row.get()[0])).distinct().count(), "kinds");
    assertEquals(16, layers().count(), "variants");
  }

  private static String kind(Layer layer) {
    return layer.kind();
  }
}
