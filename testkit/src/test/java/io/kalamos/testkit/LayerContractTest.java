package io.kalamos.testkit;

import static io.kalamos.activations.Activations.RELU;
import static io.kalamos.activations.Activations.SIGMOID;
import static io.kalamos.activations.Activations.SOFTMAX;
import static io.kalamos.activations.Activations.TANH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.initializers.RandomNormal;
import io.kalamos.layers.Activation;
import io.kalamos.layers.AveragePooling2D;
import io.kalamos.layers.BatchNormalization;
import io.kalamos.layers.Call;
import io.kalamos.layers.Conv2D;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Dropout;
import io.kalamos.layers.Flatten;
import io.kalamos.layers.GlobalAveragePooling2D;
import io.kalamos.layers.Input;
import io.kalamos.layers.Lambda;
import io.kalamos.layers.Layer;
import io.kalamos.layers.MaxPooling2D;
import io.kalamos.layers.Normalization;
import io.kalamos.layers.Padding;
import io.kalamos.layers.Rescaling;
import io.kalamos.layers.Reshape;
import io.kalamos.layers.WeightOptions;
import io.kalamos.regularizers.L1L2;
import io.kalamos.regularizers.L2;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LayerContractTest {
  private static Arguments over(Layer layer, int... sizes) {
    return Arguments.of(layer, sizes);
  }

  static Stream<Arguments> layers() {
    var normal = RandomNormal.of().stddev(0.5);
    return Stream.of(
        over(Dense.of(3), 4),
        over(Dense.of(3).activation(TANH).biasInitializer(normal), 2, 4),
        over(Dense.of(5).activation(SOFTMAX).kernelInitializer(normal), 4),
        over(Dense.of(3).useBias(false).activation(SIGMOID).kernelRegularizer(L2.of(0.1)), 4),
        over(
            Dense.of(3).activation(RELU).biasInitializer(normal).biasRegularizer(L1L2.of(0.1, 0.2)),
            4),
        over(Conv2D.of(3, 3), 5, 6, 2),
        over(Conv2D.of(3, 2, 3).strides(2, 1).padding(Padding.SAME).activation(TANH), 5, 6, 2),
        over(Conv2D.of(2, 2).dilationRate(2).useBias(false), 5, 6, 2),
        over(Conv2D.of(4, 3).groups(2).padding(Padding.SAME).kernelRegularizer(L2.of(.1)), 4, 4, 2),
        over(MaxPooling2D.of(2), 4, 5, 2),
        over(MaxPooling2D.of(3, 2).strides(2, 1).padding(Padding.SAME), 5, 5, 2),
        over(AveragePooling2D.of(2), 4, 5, 2),
        over(AveragePooling2D.of(3).strides(2).padding(Padding.SAME), 5, 5, 2),
        over(GlobalAveragePooling2D.of(), 3, 4, 2),
        over(GlobalAveragePooling2D.of().keepdims(true), 3, 4, 2),
        over(Flatten.of(), 3, 2),
        over(Reshape.of(2, -1), 3, 4),
        over(Dropout.of(0.4), 20),
        over(Dropout.of(0.4).seed(3), 4, 5),
        over(BatchNormalization.of(), 4),
        over(BatchNormalization.of().momentum(0.9).epsilon(0.1), 3, 3, 2),
        over(BatchNormalization.of().scale(false).center(false), 3, 3, 2),
        over(BatchNormalization.of().axis(1).gammaInitializer(normal), 3, 4),
        over(Activation.of(TANH), 3, 2),
        over(Rescaling.of(2).offset(-1), 3),
        over(Normalization.of().meanAndVariance(1, 4), 3),
        over(Normalization.of().meanAndVariance(new double[] {1, 2}, new double[] {4, 9}), 3, 2),
        over(
            Normalization.of().adapt(io.kalamos.engine.Tensor.of(new float[] {1, 2, 5, 3}, 2, 2)),
            2),
        over(Lambda.of(x -> Ops.multiply(x, Ops.sigmoid(x))), 4),
        over(new Swish(Optional.empty()), 4));
  }

  /// A user's own layer: x · sigmoid(beta · x) with a beta that trains.
  record Swish(Optional<String> name) implements Layer {
    @Override
    public Swish named(String name) {
      return new Swish(Optional.of(name));
    }

    @Override
    public Node call(Call call, Node x) {
      Node beta = call.weight("beta", Shape.of(1), WeightOptions.of(RandomNormal.of().mean(1)));
      return Ops.multiply(x, Ops.sigmoid(Ops.multiply(x, beta)));
    }
  }

  @ParameterizedTest
  @MethodSource("layers")
  void keepsTheContract(Layer layer, int[] sizes) {
    LayerContract.check(layer, sizes);
  }

  /// A layer whose gradient is wrong, as rounding hides what it does.
  @Test
  void findsAWrongGradient() {
    Layer wrong = Lambda.of(x -> Ops.add(x, Ops.multiply(Ops.round(Ops.multiply(x, 1e7)), 1e-7)));
    String message =
        assertThrows(AssertionError.class, () -> LayerContract.check(wrong, 3)).getMessage();
    assertTrue(message.contains("expected gradient "), message);
  }

  @Test
  void findsRowsThatDependOnEachOther() {
    Layer wrong = Lambda.of(x -> Ops.subtract(x, Ops.mean(x, 0)));
    String message =
        assertThrows(AssertionError.class, () -> LayerContract.check(wrong, 3)).getMessage();
    assertTrue(message.contains("expected rows in a batch of 1 to be "), message);
    assertEquals("InputLayer", Input.of(3).kind());
  }
}
