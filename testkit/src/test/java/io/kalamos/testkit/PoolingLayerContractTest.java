package io.kalamos.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kalamos.layers.AdaptiveAveragePooling2D;
import io.kalamos.layers.AdaptiveMaxPooling2D;
import io.kalamos.layers.AveragePooling1D;
import io.kalamos.layers.GlobalAveragePooling1D;
import io.kalamos.layers.GlobalMaxPooling1D;
import io.kalamos.layers.GlobalMaxPooling2D;
import io.kalamos.layers.Layer;
import io.kalamos.layers.MaxPooling1D;
import io.kalamos.layers.MaxPooling2D;
import io.kalamos.layers.Padding;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The contract of the layers that pool, in their variants.
class PoolingLayerContractTest {
  private static Arguments over(Layer layer, int... sizes) {
    return Arguments.of(layer, sizes);
  }

  static Stream<Arguments> layers() {
    return Stream.of(
        over(MaxPooling1D.of(), 6, 2),
        over(MaxPooling1D.of(3).strides(2).padding(Padding.SAME), 6, 2),
        over(AveragePooling1D.of(2), 5, 2),
        over(AveragePooling1D.of(3).strides(1).padding(Padding.SAME), 6, 2),
        over(MaxPooling2D.of(), 4, 4, 2),
        over(GlobalMaxPooling1D.of(), 5, 2),
        over(GlobalAveragePooling1D.of().keepdims(true), 5, 2),
        over(GlobalMaxPooling2D.of(), 3, 4, 2),
        over(GlobalMaxPooling2D.of().keepdims(true), 3, 4, 2),
        over(AdaptiveAveragePooling2D.of(2, 3), 5, 4, 2),
        over(AdaptiveMaxPooling2D.of(2), 5, 4, 2));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void keepsTheContract(Layer layer, int[] sizes) {
    LayerContract.check(layer, sizes);
  }

  @Test
  void coversTheLayers() {
    assertEquals(8, layers().map(row -> kind((Layer) row.get()[0])).distinct().count(), "kinds");
    assertEquals(11, layers().count(), "variants");
  }

  private static String kind(Layer layer) {
    return layer.kind();
  }
}
