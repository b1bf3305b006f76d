package io.kalamos.testkit;

import static io.kalamos.activations.Activations.RELU;
import static io.kalamos.activations.Activations.SOFTMAX;
import static io.kalamos.losses.Losses.CATEGORICAL_CROSSENTROPY;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kalamos.engine.Backend;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.BatchNormalization;
import io.kalamos.layers.Conv2D;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Flatten;
import io.kalamos.layers.Input;
import io.kalamos.layers.MaxPooling2D;
import io.kalamos.models.Compilation;
import io.kalamos.models.Model;
import io.kalamos.models.Sequential;
import io.kalamos.optimizers.SGD;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where there are many batches each thread takes some of its own: the predictions are those of one
/// thread, in their places, the same bits in each call, also where several callers ask at once.
class ManyBatchesTest {
  private static final int SAMPLES = 203;
  private static final int BATCH = 8;

  @ParameterizedTest
  @CsvSource({"java, 2", "java, 3", "onednn, 2", "onednn, 3"})
  void samplesKeepTheirPlaces(String backend, int threads) {
    assumeTrue(
        Backend.all().stream()
            .anyMatch(b -> b.name().equals(backend) && b.availability().usable()));
    Tensor x = pictures();
    try (Model alone = model(backend, 1);
        Model shared = model(backend, threads)) {
      float[] expected = alone.predict(List.of(x), SAMPLES).getFirst().toFloats();
      float[] actual = shared.predict(List.of(x), BATCH).getFirst().toFloats();
      assertArrayEquals(expected, actual, 1e-6f);
      List<float[]> again =
          IntStream.range(0, 6)
              .parallel()
              .mapToObj(caller -> shared.predict(List.of(x), BATCH).getFirst().toFloats())
              .toList();
      again.forEach(other -> assertArrayEquals(actual, other));
    }
  }

  private static Model model(String backend, int threads) {
    Model model =
        Sequential.of(
            Input.of(9, 9, 1),
            Conv2D.of(6, 3),
            BatchNormalization.of(),
            MaxPooling2D.of(2),
            Flatten.of(),
            Dense.of(64).activation(RELU),
            Dense.of(4).activation(SOFTMAX));
    model.compile(
        Compilation.of(SGD.of(0.05), CATEGORICAL_CROSSENTROPY)
            .running(run -> run.backend(backend).threads(threads).seed(7)));
    return model;
  }

  private static Tensor pictures() {
    Random random = new Random(3);
    float[] pixels = new float[SAMPLES * 81];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextFloat();
    }
    return Tensor.of(pixels, SAMPLES, 9, 9, 1);
  }
}
