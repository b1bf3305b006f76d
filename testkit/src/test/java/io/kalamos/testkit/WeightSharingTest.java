package io.kalamos.testkit;

import static io.kalamos.activations.Activations.RELU;
import static io.kalamos.losses.Losses.MEAN_SQUARED_ERROR;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kalamos.constraints.MaxNorm;
import io.kalamos.data.Samples;
import io.kalamos.engine.Backend;
import io.kalamos.engine.CounterRandom;
import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Add;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Dropout;
import io.kalamos.layers.Flatten;
import io.kalamos.layers.Input;
import io.kalamos.models.Compilation;
import io.kalamos.models.Model;
import io.kalamos.models.Sequential;
import io.kalamos.optimizers.Adam;
import io.kalamos.optimizers.Optimizer;
import io.kalamos.optimizers.SGD;
import io.kalamos.regularizers.L2;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Dense layers so large that threads share their weights rather than the samples: the same weights
/// as on the plain backend, and the same bits in every run.
class WeightSharingTest {
  /// The last batch is smaller, and odd.
  private static final int SAMPLES = 117;

  private static final Shape PICTURE = Shape.of(13, 17);
  private static final int INPUTS = 13 * 17;
  private static final int UNITS = 150;

  record Row(String name, Supplier<Model> model, Optimizer optimizer) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Arguments> rows() {
    Dense dense = Dense.of(UNITS).activation(RELU);
    Optimizer sgd = SGD.of(0.001);
    List<Row> rows =
        List.of(
            new Row("plain", () -> model(dense), sgd),
            new Row("no bias", () -> model(dense.useBias(false)), Adam.of()),
            new Row("regularizer", () -> model(dense.kernelRegularizer(L2.of(0.01))), sgd),
            new Row("constraint", () -> model(dense.kernelConstraint(MaxNorm.of(0.5))), sgd),
            new Row("global clipnorm", () -> model(dense), Adam.of().globalClipnorm(0.1)),
            new Row(
                "averages and accumulation",
                () -> model(dense),
                Adam.of().useEma(true).gradientAccumulationSteps(2)),
            new Row("two layers over the same inputs", WeightSharingTest::twoBranches, sgd),
            new Row("one layer over two inputs", WeightSharingTest::usedTwice, sgd),
            new Row("as many weights in rows of another length", WeightSharingTest::mirrored, sgd));
    return rows.stream().flatMap(row -> Stream.of(2, 3).map(threads -> Arguments.of(row, threads)));
  }

  private static Model model(Dense dense) {
    return Sequential.of(
        Input.of(13, 17), Flatten.of(), dense, Dropout.of(0.2), Dense.of(UNITS + 1), Dense.of(1));
  }

  private static Model twoBranches() {
    Input input = Input.of(13, 17);
    var flat = Flatten.of().on(input);
    var left = Dense.of(UNITS).activation(RELU).on(flat);
    var right = Dense.of(UNITS).activation(RELU).on(flat);
    return Model.of(input, Dense.of(1).on(Add.of().on(left, right)));
  }

  private static Model usedTwice() {
    Input input = Input.of(13, 17);
    var flat = Flatten.of().on(input);
    Dense shared = Dense.of(INPUTS).activation(RELU);
    return Model.of(input, Dense.of(1).on(shared.on(shared.on(flat))));
  }

  /// No range of these weights ends at whole rows of both: one thread gets all of them.
  private static Model mirrored() {
    Dense there = Dense.of(157).activation(RELU);
    Dense back = Dense.of(INPUTS).activation(RELU);
    return Sequential.of(Input.of(13, 17), Flatten.of(), there, back, Dense.of(1));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void asThePlainBackend(Row row, int threads) {
    assumeTrue(
        Backend.all().stream()
            .anyMatch(b -> b.name().equals("onednn") && b.availability().usable()));
    List<Tensor> expected = trained(row, "java", 1);
    List<Tensor> actual = trained(row, "onednn", threads);
    List<Tensor> again = trained(row, "onednn", threads);
    for (int i = 0; i < expected.size(); i++) {
      double[] wanted = expected.get(i).toDoubles();
      double scale = Arrays.stream(wanted).map(Math::abs).max().orElseThrow();
      assertArrayEquals(wanted, actual.get(i).toDoubles(), 1e-4 * scale, "weight " + i);
      assertArrayEquals(actual.get(i).toFloats(), again.get(i).toFloats());
    }
  }

  private static List<Tensor> trained(Row row, String backend, int threads) {
    try (Model model = row.model.get()) {
      model.compile(
          Compilation.of(row.optimizer, MEAN_SQUARED_ERROR)
              .running(run -> run.backend(backend).threads(threads).seed(3)));
      model.fit(samples(), fit -> fit.batchSize(48).epochs(2).verbose(false));
      if (backend.equals("onednn")) {
        String plan = model.explain();
        assertEquals(threads > 1, plan.contains("by weights"), plan);
      }
      return model.getWeights();
    }
  }

  private static Samples samples() {
    Tensor x = Tensor.zeros(DType.FLOAT32, PICTURE.prepend(SAMPLES));
    x.fill(i -> CounterRandom.normal(5, 1, 0, i));
    Tensor y = Tensor.zeros(DType.FLOAT32, Shape.of(SAMPLES, 1));
    y.fill(i -> CounterRandom.normal(5, 2, 0, i));
    return Samples.of(x, y);
  }
}
