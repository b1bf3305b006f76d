package io.kalamos.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kalamos.layers.CenterCrop;
import io.kalamos.layers.Cropping2D;
import io.kalamos.layers.Flatten;
import io.kalamos.layers.Identity;
import io.kalamos.layers.Interpolation;
import io.kalamos.layers.Layer;
import io.kalamos.layers.Permute;
import io.kalamos.layers.RepeatVector;
import io.kalamos.layers.Resizing;
import io.kalamos.layers.UpSampling2D;
import io.kalamos.layers.ZeroPadding2D;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The contract of the layers that rearrange samples or resize pictures, in their variants.
class ReshapingLayerContractTest {
  private static Arguments over(Layer layer, int... sizes) {
    return Arguments.of(layer, sizes);
  }

  static Stream<Arguments> layers() {
    return Stream.of(
        over(Identity.of(), 3),
        over(Flatten.of(), 4),
        over(Permute.of(2, 1), 3, 4),
        over(Permute.of(3, 1, 2), 3, 4, 2),
        over(RepeatVector.of(3), 4),
        over(ZeroPadding2D.of(), 3, 4, 2),
        over(ZeroPadding2D.of(1, 0, 2, 3), 3, 4, 2),
        over(Cropping2D.of(1, 0, 0, 2), 3, 4, 2),
        over(UpSampling2D.of(), 3, 2, 2),
        over(UpSampling2D.of(2, 3).interpolation(Interpolation.BILINEAR), 3, 2, 2),
        over(Resizing.of(4, 3), 3, 5, 2),
        over(Resizing.of(4, 4).padToAspectRatio(true).fillValue(0.5), 3, 5, 1),
        over(
            Resizing.of(2, 2).cropToAspectRatio(true).interpolation(Interpolation.BICUBIC),
            3,
            5,
            2),
        over(CenterCrop.of(2, 3), 3, 5, 2),
        over(CenterCrop.of(4, 3), 3, 5, 1));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void keepsTheContract(Layer layer, int[] sizes) {
    LayerContract.check(layer, sizes);
  }

  @Test
  void coversTheLayers() {
    assertEquals(9, layers().map(row -> kind((Layer) row.get()[0])).distinct().count(), "kinds");
    assertEquals(15, layers().count(), "variants");
  }

  private static String kind(Layer layer) {
    return layer.kind();
  }
}
