package io.kalamos.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kalamos.data.Samples;
import io.kalamos.engine.CounterRandom;
import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.AlphaDropout;
import io.kalamos.layers.Conv2DTranspose;
import io.kalamos.layers.DepthwiseConv2D;
import io.kalamos.layers.Dropout;
import io.kalamos.layers.GaussianNoise;
import io.kalamos.layers.GroupNormalization;
import io.kalamos.layers.Input;
import io.kalamos.layers.Layer;
import io.kalamos.layers.LayerNormalization;
import io.kalamos.layers.Padding;
import io.kalamos.layers.Permute;
import io.kalamos.layers.Resizing;
import io.kalamos.layers.Softmax;
import io.kalamos.layers.SpatialDropout2D;
import io.kalamos.layers.UpSampling2D;
import io.kalamos.losses.Losses;
import io.kalamos.models.Compilation;
import io.kalamos.models.Model;
import io.kalamos.models.Sequential;
import io.kalamos.optimizers.SGD;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Layers that view the batch and other axes as one, or draw random numbers, train alike on one
/// thread and on two, with batches that two do not divide.
class LayerThreadsTest {
  private static final int SAMPLES = 12;
  private static final int BATCH = 7;

  static Stream<Layer> layers() {
    return Stream.of(
        LayerNormalization.of(),
        LayerNormalization.of().axis(1, 3),
        GroupNormalization.of(2),
        UpSampling2D.of(2, 3),
        Resizing.of(5, 3),
        Softmax.of().axis(1, 3),
        Permute.of(3, 1, 2),
        DepthwiseConv2D.of(3).depthMultiplier(2),
        Conv2DTranspose.of(3, 3).strides(2).padding(Padding.SAME),
        Dropout.of(0.4).noiseShape(-1, 1, -1, 1),
        SpatialDropout2D.of(0.4),
        GaussianNoise.of(0.5),
        AlphaDropout.of(0.3));
  }

  @ParameterizedTest
  @MethodSource("layers")
  void trainsAlike(Layer layer) {
    List<Double> one = losses(layer, 1);
    List<Double> two = losses(layer, 2);
    for (int epoch = 0; epoch < one.size(); epoch++) {
      assertEquals(
          one.get(epoch), two.get(epoch), 1e-4 * Math.abs(one.get(epoch)), "epoch " + epoch);
    }
  }

  private static List<Double> losses(Layer layer, int threads) {
    try (Model model =
        Sequential.of(Input.of(4, 6, 4), new Factors(Optional.empty()), layer).initialize(3)) {
      model.compile(
          Compilation.of(SGD.of(0.1), Losses.MEAN_SQUARED_ERROR)
              .running(run -> run.threads(threads).log(line -> {})));
      Tensor x = random(Shape.of(SAMPLES, 4, 6, 4), 1);
      Tensor y = random(model.predict(x).shape(), 2);
      return model
          .fit(Samples.of(x, y), fit -> fit.batchSize(BATCH).epochs(3).verbose(false))
          .metric("loss");
    }
  }

  private static Tensor random(Shape shape, int stream) {
    Tensor tensor = Tensor.zeros(DType.FLOAT32, shape);
    for (long i = 0; i < tensor.size(); i++) {
      tensor.set(i, CounterRandom.normal(11, stream, 0, (int) i));
    }
    return tensor;
  }
}
