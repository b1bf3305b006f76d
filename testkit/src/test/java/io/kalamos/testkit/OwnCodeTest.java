package io.kalamos.testkit;

import static io.kalamos.activations.Activations.RELU;
import static io.kalamos.activations.Activations.SOFTMAX;
import static io.kalamos.activations.Activations.TANH;
import static io.kalamos.losses.Losses.SPARSE_CATEGORICAL_CROSSENTROPY;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kalamos.data.Samples;
import io.kalamos.engine.Backend;
import io.kalamos.engine.DType;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Add;
import io.kalamos.layers.BatchNormalization;
import io.kalamos.layers.Conv2D;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Dropout;
import io.kalamos.layers.Flatten;
import io.kalamos.layers.Input;
import io.kalamos.layers.Lambda;
import io.kalamos.layers.Layer;
import io.kalamos.layers.MaxPooling2D;
import io.kalamos.layers.Padding;
import io.kalamos.layers.Rescaling;
import io.kalamos.layers.UpSampling2D;
import io.kalamos.models.Compilation;
import io.kalamos.models.Model;
import io.kalamos.models.Precision;
import io.kalamos.models.Sequential;
import io.kalamos.optimizers.SGD;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What machine code of our own computes instead of the library, where there is machine code: the
/// same weights as by the plain backend, and the same bits in every run.
class OwnCodeTest {
  /// The last batch is smaller, and odd.
  private static final int SAMPLES = 75;

  private static final int SIZE = 13;

  private static final List<Layer> CHAIN =
      List.of(Conv2D.of(16, 3).padding(Padding.SAME).activation(RELU), MaxPooling2D.of(2));

  /// The gradient of what the layer behind reads is a product over 600 rows of weights.
  private static final List<Layer> WIDE =
      List.of(Flatten.of(), Dense.of(600).activation(RELU), Dense.of(64).activation(RELU));

  @ParameterizedTest
  @CsvSource({"1", "2", "3"})
  void pooledConvolutionsTrainAsOnThePlainBackend(int threads) {
    float[] expected = trained(CHAIN, "java", 1, "");
    assertArrayEquals(expected, trained(CHAIN, "onednn", threads, "pooled convolution"), 1e-5f);
  }

  @ParameterizedTest
  @CsvSource({"1", "2"})
  void soDoThoseWhoseResultsAreBfloat16(int threads) {
    Precision narrow = Precision.MIXED_BFLOAT16;
    float[] expected = trained(CHAIN, "java", 1, "", narrow);
    assertArrayEquals(
        expected, trained(CHAIN, "onednn", threads, "pooled convolution", narrow), 3e-3f);
  }

  /// The second convolution's channels fill no whole vectors.
  private static final List<Layer> STRIDED =
      List.of(
          Conv2D.of(12, 3).activation(TANH),
          Conv2D.of(24, 6).strides(2).padding(Padding.SAME).activation(TANH));

  /// Tiles are worth their transforms where a thread has many pictures.
  @ParameterizedTest
  @CsvSource({"1, winograd kernel gradient", "2, kernel gradient", "3, kernel gradient"})
  void kernelGradientsTrainAsOnThePlainBackend(int threads, String label) {
    float[] expected = trained(STRIDED, "java", 1, "");
    assertArrayEquals(expected, trained(STRIDED, "onednn", threads, label), 1e-5f);
  }

  /// Tiles of results of the second convolution, of the gradient of what it reads, and for that of
  /// its kernel. Functions without a kink: roundings differ.
  @ParameterizedTest
  @CsvSource({
    "1, 16, 2, 3, 1, SAME, 3",
    "1, 32, 2, 3, 1, VALID, 3",
    "1, 12, 3, 6, 2, SAME, 1",
    "2, 12, 1, 6, 2, SAME, 3"
  })
  void tilesOfResultsTrainAsOnThePlainBackend(
      int enlarged, int channels, int first, int second, int stride, Padding padding, int tiled) {
    List<Layer> layers =
        List.of(
            UpSampling2D.of(enlarged),
            Conv2D.of(channels, first).activation(TANH),
            Conv2D.of(24, second).strides(stride).padding(padding).activation(TANH));
    float[] expected = trained(layers, "java", 1, "");
    assertArrayEquals(expected, trained(layers, "onednn", 1, "winograd"), 1e-5f);
    assertArrayEquals(expected, trained(layers, "onednn", 3, "winograd"), 1e-5f);
    String plan = plan(layers);
    long units = plan.lines().filter(line -> line.contains("avx512 winograd")).count();
    assertEquals(plan.contains("avx512 kernel") ? tiled : 0, units, plan);
  }

  /// The second convolution reads 8 or 4 channels: two or four pixels of its input's gradient fill
  /// a vector, unless tiles of it are faster still.
  @ParameterizedTest
  @CsvSource({
    "8, 2, 3, VALID, true",
    "4, 2, 3, SAME, true",
    "8, 2, 2, SAME, false",
    "8, 2, 5, SAME, false",
    "4, 6, 4, VALID, false"
  })
  void gradientsOfFewChannelsTrainAsOnThePlainBackend(
      int channels, int first, int second, Padding padding, boolean tiled) {
    List<Layer> layers =
        List.of(
            Conv2D.of(channels, first).activation(RELU),
            Conv2D.of(16, second).padding(padding).activation(RELU));
    float[] expected = trained(layers, "java", 1, "");
    assertArrayEquals(expected, trained(layers, "onednn", 1, ""), 1e-5f);
    assertArrayEquals(expected, trained(layers, "onednn", 2, ""), 1e-5f);
    String plan = plan(layers);
    boolean wide = plan.contains("avx512 kernel");
    assertEquals(wide && tiled, plan.contains("avx512 winograd conv2d_1': Conv2DInput"), plan);
    assertEquals(wide && !tiled, plan.contains("stride 1x" + 16 / channels), plan);
  }

  /// The second convolution has a stride: in bfloat16 squares of pixels become pixels of more
  /// channels.
  @ParameterizedTest
  @CsvSource({"12, 2, 6, 2, SAME", "8, 2, 4, 2, VALID", "5, 2, 6, 3, VALID"})
  void stridesOverFewChannelsTrainAsOnThePlainBackend(
      int channels, int first, int second, int stride, Padding padding) {
    List<Layer> layers =
        List.of(
            Conv2D.of(channels, first).activation(RELU),
            Conv2D.of(24, second).strides(stride).padding(padding).activation(RELU));
    Precision narrow = Precision.MIXED_BFLOAT16;
    float[] expected = trained(layers, "java", 1, "", narrow);
    assertArrayEquals(expected, trained(layers, "onednn", 1, "", narrow), 5e-3f);
    assertArrayEquals(expected, trained(layers, "onednn", 2, "", narrow), 5e-3f);
    String plan = plan(layers, narrow);
    String moved = "Transpose [0, 1, 3, 2, 4]";
    boolean tiled = plan.contains("avx512 winograd");
    assertEquals(plan.contains("bfloat16") && !tiled, plan.contains(moved), plan);
    assertFalse(plan(layers).contains(moved), () -> plan(layers));
  }

  /// Where matrices of bfloat16 have no units of their own tiles of float32 are faster, and so are
  /// convolutions of few channels; what is between them is not rounded then.
  @ParameterizedTest
  @CsvSource({"1", "3"})
  void convolutionsOfBfloat16AreComputedInFloat32(int threads) {
    List<Layer> layers =
        List.of(
            UpSampling2D.of(2),
            Conv2D.of(16, 3).activation(TANH),
            BatchNormalization.of(),
            Conv2D.of(24, 6).strides(2).padding(Padding.SAME).activation(TANH),
            Dropout.of(0.2));
    Precision narrow = Precision.MIXED_BFLOAT16;
    float[] expected = trained(layers, "java", 1, "", narrow);
    assertArrayEquals(expected, trained(layers, "onednn", threads, "", narrow), 5e-3f);
    String plan = plan(layers, narrow);
    Backend backend = OpTable.backend("onednn");
    assumeTrue(backend.multiplies(DType.BFLOAT16), "else all is float32");
    String machine = backend.availability().details();
    boolean wide = plan.contains("avx512 kernel") && !machine.contains("_amx");
    assertEquals(wide, plan.contains("avx512 winograd"), plan);
    assertEquals(wide, plan.contains("avx512 convolution"), plan);
    boolean dense = plan.lines().anyMatch(line -> line.matches(".*bf16 .* dense: MatMul.*"));
    assertTrue(dense || !wide, plan);
  }

  @ParameterizedTest
  @CsvSource({"1", "2"})
  void wideLayersTrainAsOnThePlainBackend(int threads) {
    float[] expected = trained(WIDE, "java", 1, "");
    assertArrayEquals(expected, trained(WIDE, "onednn", threads, "product"), 1e-5f);
  }

  /// What relu lets through is mostly zeros, and remains so behind poolings and dropout.
  @ParameterizedTest
  @CsvSource({"1", "2", "3"})
  void layersThatReadZerosTrainAsOnThePlainBackend(int threads) {
    List<Layer> layers =
        List.of(
            Conv2D.of(8, 3).activation(RELU),
            MaxPooling2D.of(2),
            Flatten.of(),
            Dense.of(80).activation(RELU),
            Dropout.of(0.3),
            Dense.of(64).activation(RELU));
    float[] expected = trained(layers, "java", 1, "");
    assertArrayEquals(expected, trained(layers, "onednn", threads, "sparse product"), 1e-5f);
    long sparse =
        plan(layers).lines().filter(line -> line.contains("avx512 sparse product")).count();
    assertEquals(plan(layers).contains("avx512 kernel") ? 4 : 0, sparse, () -> plan(layers));
  }

  /// A first dense layer reads bytes in place, and makes numbers of them on the way; with so many
  /// units the threads share it by weights.
  @ParameterizedTest
  @CsvSource({"20, 1", "20, 2", "250, 2"})
  void productsOfBytesTrainAsOnThePlainBackend(int units, int threads) {
    List<Layer> layers =
        List.of(Rescaling.of(1 / 255.0), Flatten.of(), Dense.of(units).activation(RELU));
    float[] expected = trained(layers, "java", 1, "", bytes());
    String label = "product";
    assertArrayEquals(expected, trained(layers, "onednn", threads, label, bytes()), 1e-5f);
    String plan = plan(layers);
    assertEquals(plan.contains("avx512 kernel"), plan.contains("of data"), plan);
  }

  /// Who else reads the data needs them in memory.
  @Test
  void dataThatOthersReadTooAreCopied() {
    Input pixels = Input.of(SIZE, SIZE, 1);
    var flat = Flatten.of().on(pixels);
    var hidden = Dense.of(SIZE * SIZE).activation(RELU).on(flat);
    var sum = Dense.of(5).activation(SOFTMAX).on(Add.of().on(flat, hidden));
    float[][] weights = new float[2][];
    for (String backend : List.of("java", "onednn")) {
      try (Model model = Model.of(pixels, sum)) {
        model.compile(
            Compilation.of(SGD.of(0.05), SPARSE_CATEGORICAL_CROSSENTROPY)
                .running(run -> run.backend(backend).seed(3)));
        assertFalse(model.explain().contains("of data"));
        model.fit(samples(), fit -> fit.batchSize(48).epochs(2).verbose(false));
        weights[backend.equals("java") ? 0 : 1] =
            weights(model, model.predict(samples().x().getFirst()));
      }
    }
    assertArrayEquals(weights[0], weights[1], 1e-5f);
  }

  /// The samples of a reversed batch belong to other threads.
  @Test
  void dataWhoseSamplesAreMixedLaterAreCopied() {
    List<Layer> layers =
        List.of(Flatten.of(), Dense.of(20).activation(RELU), Lambda.of(x -> Ops.reverse(x, 0)));
    float[] expected = trained(layers, "java", 1, "");
    assertArrayEquals(expected, trained(layers, "onednn", 2, ""), 1e-5f);
  }

  @Test
  void repeatsToTheBit() {
    for (List<Layer> layers : List.of(CHAIN, WIDE, STRIDED)) {
      assertArrayEquals(trained(layers, "onednn", 2, ""), trained(layers, "onednn", 2, ""));
    }
  }

  @Test
  void unitsThatDifferTakeTheOtherWay() {
    List<Layer> dropped = new ArrayList<>(CHAIN);
    dropped.add(Dropout.of(0.3));
    List<Layer> overlapping = List.of(CHAIN.getFirst(), MaxPooling2D.of(3).strides(2));
    for (List<Layer> layers : List.of(dropped, overlapping)) {
      assertArrayEquals(
          trained(layers, "java", 1, ""), trained(layers, "onednn", 2, "!pooled"), 1e-5f);
    }
  }

  /// All weights after two epochs, and predictions.
  ///
  /// @param label of own code that the plan must show where there is machine code; behind `!` what
  ///   it must not show
  private static float[] trained(List<Layer> first, String backend, int threads, String label) {
    return trained(first, backend, threads, label, Precision.FLOAT32, samples());
  }

  private static float[] trained(
      List<Layer> first, String backend, int threads, String label, Samples samples) {
    return trained(first, backend, threads, label, Precision.FLOAT32, samples);
  }

  private static float[] trained(
      List<Layer> first, String backend, int threads, String label, Precision precision) {
    return trained(first, backend, threads, label, precision, samples());
  }

  private static float[] trained(
      List<Layer> first,
      String backend,
      int threads,
      String label,
      Precision precision,
      Samples samples) {
    assumeTrue(
        Backend.all().stream()
            .anyMatch(b -> b.name().equals(backend) && b.availability().usable()));
    try (Model model = model(first)) {
      model.compile(
          Compilation.of(SGD.of(0.05), SPARSE_CATEGORICAL_CROSSENTROPY)
              .running(run -> run.backend(backend).threads(threads).seed(3).precision(precision)));
      model.fit(samples, fit -> fit.batchSize(48).epochs(2).verbose(false));
      if (backend.equals("onednn")) {
        String plan = model.explain();
        boolean wanted = !label.startsWith("!");
        String shown = "avx512 " + label.substring(wanted ? 0 : 1);
        assertEquals(wanted && plan.contains("avx512 kernel"), plan.contains(shown), plan);
      }
      return weights(model, model.predict(samples.x(), 50).getFirst());
    }
  }

  private static Model model(List<Layer> first) {
    List<Layer> layers = new ArrayList<>(List.of(Input.of(SIZE, SIZE, 1)));
    layers.addAll(first);
    layers.addAll(List.of(Flatten.of(), Dense.of(5).activation(SOFTMAX)));
    return Sequential.of(layers);
  }

  private static String plan(List<Layer> first) {
    return plan(first, Precision.FLOAT32);
  }

  private static String plan(List<Layer> first, Precision precision) {
    try (Model model = model(first)) {
      model.compile(
          Compilation.of(SGD.of(0.05), SPARSE_CATEGORICAL_CROSSENTROPY)
              .running(run -> run.backend("onednn").precision(precision)));
      return model.explain();
    }
  }

  private static float[] weights(Model model, Tensor predictions) {
    List<float[]> parts =
        Stream.concat(model.getWeights().stream(), Stream.of(predictions))
            .map(Tensor::toFloats)
            .toList();
    float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  private static Samples bytes() {
    Samples samples = samples();
    Tensor pixels = samples.x().getFirst();
    Tensor bytes = Tensor.zeros(DType.UINT8, pixels.shape());
    bytes.fill(i -> Math.round(255 * pixels.get(i)));
    return Samples.of(bytes, samples.y().getFirst());
  }

  private static Samples samples() {
    Random random = new Random(5);
    float[] pixels = new float[SAMPLES * SIZE * SIZE];
    for (int i = 0; i < pixels.length; i++) {
      boolean paper = i % (SIZE * SIZE) < i / (SIZE * SIZE) || i % SIZE < 3;
      pixels[i] = !paper && random.nextInt(3) == 0 ? random.nextFloat() : 0;
    }
    int[] labels = new int[SAMPLES];
    Arrays.setAll(labels, i -> random.nextInt(5));
    return Samples.of(Tensor.of(pixels, SAMPLES, SIZE, SIZE, 1), Tensor.of(labels, SAMPLES));
  }
}
