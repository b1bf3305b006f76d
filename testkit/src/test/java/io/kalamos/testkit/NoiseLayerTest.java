package io.kalamos.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.engine.Backend;
import io.kalamos.engine.CompileOptions;
import io.kalamos.engine.CounterRandom;
import io.kalamos.engine.DType;
import io.kalamos.engine.Graph;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Program;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.AlphaDropout;
import io.kalamos.layers.Dropout;
import io.kalamos.layers.GaussianDropout;
import io.kalamos.layers.GaussianNoise;
import io.kalamos.layers.Layer;
import io.kalamos.layers.SpatialDropout1D;
import io.kalamos.layers.SpatialDropout2D;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What random layers do while training, on every backend that works here: shares, means and
/// deviations as documented, and which numbers share their fate.
class NoiseLayerTest {
  private static final int BATCH = 100;
  private static final int STEPS = 10;
  private static final int CHANNELS = 30;
  private static final int COUNT = BATCH * STEPS * CHANNELS;

  static Stream<Backend> backends() {
    return Backend.all().stream().filter(backend -> backend.availability().usable());
  }

  private static double[] training(Backend backend, Layer layer, double[] data, int... sizes) {
    Tensor x = Tensor.of(data, sizes).cast(DType.FLOAT32);
    List<Node> inputs = List.of(Ops.constant(x));
    LayerCall call = new LayerCall(layer, true, inputs, List.of(), Map.of(), Map.of());
    Graph graph = new Graph(new LinkedHashMap<>(Map.of("y", call.run())), List.of());
    try (Program program = backend.compile(graph, CompileOptions.seeded(4))) {
      program.run(new int[0], 0, 1);
      Tensor y = program.output("y");
      double[] values = new double[Math.toIntExact(y.size())];
      Arrays.setAll(values, y::get);
      assertEquals(Shape.of(sizes), y.shape());
      return values;
    }
  }

  private static double[] ofOnes(Backend backend, Layer layer) {
    double[] ones = new double[COUNT];
    Arrays.fill(ones, 1);
    return training(backend, layer, ones, BATCH, STEPS, CHANNELS);
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static double deviation(double[] values) {
    double mean = mean(values);
    return Math.sqrt(
        Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow());
  }

  private static void dropped(double[] y, double rate) {
    for (double value : y) {
      assertTrue(value == 0 || Math.abs(value - 1 / (1 - rate)) < 1e-6, () -> "value " + value);
    }
    long zeros = Arrays.stream(y).filter(value -> value == 0).count();
    assertEquals(rate, (double) zeros / y.length, 0.04);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void dropoutZeroesItsShare(Backend backend) {
    dropped(ofOnes(backend, Dropout.of(0.3)), 0.3);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void stepsShareTheirFate(Backend backend) {
    for (Layer layer : List.of(Dropout.of(0.4).noiseShape(-1, 1, -1), SpatialDropout1D.of(0.4))) {
      double[] y = ofOnes(backend, layer);
      dropped(y, 0.4);
      for (int i = 0; i < COUNT; i++) {
        int sample = i / (STEPS * CHANNELS);
        assertEquals(y[sample * STEPS * CHANNELS + i % CHANNELS], y[i], layer.toString());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void samplesShareTheirFate(Backend backend) {
    double[] y = ofOnes(backend, Dropout.of(0.4).noiseShape(1, -1, -1));
    for (int i = 0; i < COUNT; i++) {
      assertEquals(y[i % (STEPS * CHANNELS)], y[i]);
    }
    dropped(Arrays.copyOf(y, STEPS * CHANNELS), 0.4);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void pixelsShareTheirFate(Backend backend) {
    double[] ones = new double[40 * 3 * 5 * 20];
    Arrays.fill(ones, 1);
    double[] y = training(backend, SpatialDropout2D.of(0.5), ones, 40, 3, 5, 20);
    dropped(y, 0.5);
    for (int i = 0; i < y.length; i++) {
      assertEquals(y[i / 300 * 300 + i % 20], y[i]);
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void gaussianNoiseIsNormal(Backend backend) {
    double[] y = ofOnes(backend, GaussianNoise.of(0.5));
    assertEquals(1, mean(y), 0.01);
    assertEquals(0.5, deviation(y), 0.01);
    double near = Arrays.stream(y).filter(value -> Math.abs(value - 1) < 0.5).count();
    assertEquals(0.6827, near / COUNT, 0.01);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void gaussianDropoutKeepsTheMean(Backend backend) {
    double[] y = ofOnes(backend, GaussianDropout.of(0.3));
    assertEquals(1, mean(y), 0.02);
    assertEquals(Math.sqrt(0.3 / 0.7), deviation(y), 0.01);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void alphaDropoutKeepsMeanAndVariance(Backend backend) {
    double[] x = new double[COUNT];
    Arrays.setAll(x, i -> CounterRandom.normal(3, 1, 0, i));
    double[] y = training(backend, AlphaDropout.of(0.3), x, BATCH, STEPS, CHANNELS);
    assertEquals(0, mean(y), 0.03);
    assertEquals(1, deviation(y), 0.03);
  }

  @ParameterizedTest
  @MethodSource("backends")
  void seedsDecide(Backend backend) {
    for (int layer = 0; layer < 2; layer++) {
      double[] one = ofOnes(backend, seeded(layer, 1));
      assertArrayEquals(one, ofOnes(backend, seeded(layer, 1)));
      assertFalse(Arrays.equals(one, ofOnes(backend, seeded(layer, 2))));
    }
  }

  private static Layer seeded(int layer, long seed) {
    return layer == 0 ? Dropout.of(0.5).seed(seed) : GaussianNoise.of(1).seed(seed);
  }
}
