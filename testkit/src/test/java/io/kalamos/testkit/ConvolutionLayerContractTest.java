package io.kalamos.testkit;

import static io.kalamos.activations.Activations.TANH;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kalamos.initializers.RandomNormal;
import io.kalamos.layers.Conv1D;
import io.kalamos.layers.Conv2D;
import io.kalamos.layers.Conv2DTranspose;
import io.kalamos.layers.DepthwiseConv2D;
import io.kalamos.layers.Layer;
import io.kalamos.layers.Padding;
import io.kalamos.layers.SeparableConv2D;
import io.kalamos.regularizers.L2;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The contract of the layers that convolve, in their variants.
class ConvolutionLayerContractTest {
  private static Arguments over(Layer layer, int... sizes) {
    return Arguments.of(layer, sizes);
  }

  static Stream<Arguments> layers() {
    var normal = RandomNormal.of().stddev(0.5);
    return Stream.of(
        over(Conv1D.of(3, 3).biasInitializer(normal), 6, 2),
        over(Conv1D.of(4, 2).padding(Padding.CAUSAL).dilationRate(2).activation(TANH), 6, 2),
        over(Conv1D.of(4, 3).padding(Padding.SAME).strides(2).groups(2).useBias(false), 7, 4),
        over(Conv2D.of(3, 2).padding(Padding.SAME).activityRegularizer(L2.of(0.1)), 4, 3, 2),
        over(DepthwiseConv2D.of(3).depthwiseRegularizer(L2.of(0.1)), 5, 4, 3),
        over(DepthwiseConv2D.of(2, 3).padding(Padding.SAME).strides(2).depthMultiplier(2), 5, 4, 3),
        over(DepthwiseConv2D.of(2).dilationRate(2).useBias(false).activation(TANH), 5, 4, 3),
        over(SeparableConv2D.of(4, 3).pointwiseRegularizer(L2.of(0.1)), 5, 4, 3),
        over(SeparableConv2D.of(4, 2).padding(Padding.SAME).strides(2).depthMultiplier(2), 5, 4, 3),
        over(Conv2DTranspose.of(3, 3).biasInitializer(normal), 3, 4, 2),
        over(Conv2DTranspose.of(3, 3).strides(2).padding(Padding.SAME).activation(TANH), 3, 4, 2),
        over(Conv2DTranspose.of(2, 2, 3).strides(3, 2).outputPadding(2, 1).useBias(false), 3, 4, 2),
        over(Conv2DTranspose.of(2, 2).strides(3), 3, 2, 2),
        over(Conv2DTranspose.of(2, 2).dilationRate(2).kernelRegularizer(L2.of(0.1)), 3, 4, 2));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void keepsTheContract(Layer layer, int[] sizes) {
    LayerContract.check(layer, sizes);
  }

  @Test
  void coversTheLayers() {
    assertEquals(5, layers().map(row -> kind((Layer) row.get()[0])).distinct().count(), "kinds");
    assertEquals(14, layers().count(), "variants");
  }

  private static String kind(Layer layer) {
    return layer.kind();
  }
}
