package io.kalamos.testkit;

import static io.kalamos.losses.Losses.MEAN_SQUARED_ERROR;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kalamos.data.Dataset;
import io.kalamos.data.Samples;
import io.kalamos.engine.Backend;
import io.kalamos.engine.DType;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Input;
import io.kalamos.models.Compilation;
import io.kalamos.models.Model;
import io.kalamos.models.Sequential;
import io.kalamos.optimizers.SGD;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Java's decimal numbers are float64, models compute in float32: such data serve all calls, and
/// give what they give as float32.
class DoubleDataTest {
  private static final int SAMPLES = 40;

  private final Tensor x = numbers(SAMPLES, 3);
  private final Tensor y = numbers(SAMPLES, 1);
  private final Tensor weight = numbers(SAMPLES);

  @ParameterizedTest
  @CsvSource({"java", "onednn"})
  void servesAllCalls(String backend) {
    assumeTrue(
        Backend.all().stream()
            .anyMatch(b -> b.name().equals(backend) && b.availability().usable()));
    Samples wide = samples(x, y, weight);
    Samples narrow = samples(narrow(x), narrow(y), narrow(weight));
    try (Model one = model(backend);
        Model other = model(backend)) {
      one.fit(wide, fit -> fit.epochs(2).validationData(wide).verbose(false));
      other.fit(narrow, fit -> fit.epochs(2).validationData(narrow).verbose(false));
      one.fit(Dataset.of(x, y).batch(8), fit -> fit.verbose(false));
      other.fit(Dataset.of(narrow(x), narrow(y)).batch(8), fit -> fit.verbose(false));
      assertEquals(other.trainOnBatch(narrow), one.trainOnBatch(wide));
      assertEquals(other.evaluate(narrow), one.evaluate(wide));
      Tensor expected = other.predict(narrow(x));
      Tensor actual = one.predict(x);
      assertEquals(DType.FLOAT32, actual.dtype());
      assertArrayEquals(expected.toFloats(), actual.toFloats());
      assertArrayEquals(expected.toFloats(), one.predict(Dataset.of(x, y).batch(8)).toFloats());
    }
  }

  private static Model model(String backend) {
    Model model = Sequential.of(Input.of(3), Dense.of(4), Dense.of(1));
    model.compile(
        Compilation.of(SGD.of(0.05), MEAN_SQUARED_ERROR)
            .running(run -> run.backend(backend).seed(7)));
    return model;
  }

  private static Samples samples(Tensor x, Tensor y, Tensor weight) {
    return new Samples(List.of(x), List.of(y), List.of(Optional.of(weight)), List.of(), List.of());
  }

  private static Tensor narrow(Tensor wide) {
    return wide.cast(DType.FLOAT32);
  }

  private static Tensor numbers(int... sizes) {
    Random random = new Random(sizes.length);
    int count = 1;
    for (int size : sizes) {
      count *= size;
    }
    return Tensor.of(random.doubles(count).toArray(), sizes);
  }
}
