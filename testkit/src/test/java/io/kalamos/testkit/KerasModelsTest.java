package io.kalamos.testkit;

import static io.kalamos.activations.Activations.RELU;
import static io.kalamos.activations.Activations.SIGMOID;
import static io.kalamos.activations.Activations.SOFTMAX;
import static io.kalamos.activations.Activations.TANH;
import static io.kalamos.losses.Losses.BINARY_CROSSENTROPY;
import static io.kalamos.losses.Losses.CATEGORICAL_CROSSENTROPY;
import static io.kalamos.losses.Losses.MEAN_ABSOLUTE_ERROR;
import static io.kalamos.losses.Losses.MEAN_SQUARED_ERROR;
import static io.kalamos.losses.Losses.SPARSE_CATEGORICAL_CROSSENTROPY;
import static io.kalamos.metrics.Metrics.ACCURACY;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.data.Samples;
import io.kalamos.engine.Backend;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.BatchNormalization;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Input;
import io.kalamos.metrics.Metric;
import io.kalamos.metrics.Metrics;
import io.kalamos.models.Compilation;
import io.kalamos.models.Fit;
import io.kalamos.models.Model;
import io.kalamos.models.Scores;
import io.kalamos.models.Sequential;
import io.kalamos.optimizers.Adam;
import io.kalamos.optimizers.RMSprop;
import io.kalamos.optimizers.SGD;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Inner models, several inputs and outputs, weights of samples and single batches: the same
/// weights and figures as Keras, on every backend that works here.
class KerasModelsTest {
  /// Of an array's largest value.
  private static final double TOLERANCE = 1e-4;

  private static final Metric MAE = Metrics.named("mae");
  private static final Metric MSE = Metrics.named("mse");

  private Model model;

  static Stream<String> backends() {
    return Backend.all().stream()
        .filter(backend -> backend.availability().usable())
        .map(Backend::name);
  }

  @AfterEach
  void close() {
    model.close();
  }

  private static Model base() {
    return Sequential.of(Input.of(6), Dense.of(5).activation(RELU), BatchNormalization.of())
        .named("base");
  }

  @ParameterizedTest
  @MethodSource("backends")
  void nested(String backend) {
    model = Sequential.of(Input.of(6), base(), Dense.of(3));
    Run run = new Run("nested", Compilation.of(Adam.of(0.01), MEAN_SQUARED_ERROR), backend);
    run.fit(fit -> fit);
    run.end();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void shared(String backend) {
    Model inner = base();
    Input a = Input.of(6).named("a");
    Input b = Input.of(6).named("b");
    model =
        Model.of(List.of(a, b), List.of(inner.on(a), Dense.of(2).named("head").on(inner.on(b))));
    Run run =
        new Run(
            "shared",
            Compilation.of(
                    SGD.of(0.05).momentum(0.9), List.of(MEAN_SQUARED_ERROR, MEAN_ABSOLUTE_ERROR))
                .lossWeights(0.5, 2),
            backend);
    run.fit(fit -> fit);
    run.end();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void frozen(String backend) {
    Model inner = base();
    model = Sequential.of(Input.of(6), inner, Dense.of(3));
    Run run = new Run("frozen", Compilation.of(SGD.of(0.05), MEAN_SQUARED_ERROR), backend);
    run.fit(fit -> fit);
    inner.trainable(false);
    run.fit(fit -> fit);
    inner.trainable(true);
    model.trainable("base/batch_normalization", false);
    run.fit(fit -> fit);
    run.end();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void innerOutputs(String backend) {
    Input a = Input.of(4).named("a");
    Input b = Input.of(3).named("b");
    Model inner =
        Model.of(
                List.of(a, b),
                List.of(
                    Dense.of(2).activation(TANH).named("p").on(a), Dense.of(5).named("q").on(b)))
            .named("inner");
    Input x = Input.of(4).named("x");
    Input y = Input.of(3).named("y");
    var both = inner.on(x, y);
    model =
        Model.of(
            List.of(x, y),
            List.of(Dense.of(1).named("r").on(both.output(1)), Dense.of(2).named("s").on(both)));
    Run run =
        new Run(
            "inner-outputs",
            Compilation.of(Adam.of(0.02), Map.of("r", MEAN_SQUARED_ERROR, "s", MEAN_ABSOLUTE_ERROR))
                .lossWeights(Map.of("r", 0.25, "s", 3.0))
                .metrics(Map.of("s", List.of(MSE))),
            backend);
    run.fit(fit -> fit);
    run.end();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void outputs(String backend) {
    Input x = Input.of(6).named("x");
    var h = Dense.of(8).activation(RELU).named("h").on(x);
    model =
        Model.of(
            List.of(x),
            List.of(
                Dense.of(4).activation(SOFTMAX).named("digit").on(h),
                Dense.of(1).activation(SIGMOID).named("parity").on(h),
                Dense.of(2).named("extra").on(h)));
    Run run =
        new Run(
            "outputs",
            Compilation.of(
                    RMSprop.of(0.01),
                    Map.of("digit", SPARSE_CATEGORICAL_CROSSENTROPY, "parity", BINARY_CROSSENTROPY))
                .metrics(List.of(List.of(ACCURACY), List.of(ACCURACY, MAE), List.of(MAE)))
                .weightedMetrics(
                    Map.of(
                        "digit",
                        List.of(ACCURACY, Metrics.named("sparse_categorical_crossentropy")),
                        "parity",
                        List.of(MSE))),
            backend);
    run.samples = run.samples.weights(run.w.getFirst());
    run.fit(fit -> fit);
    run.end();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void sampleWeights(String backend) {
    model = Sequential.of(Input.of(6), Dense.of(5).activation(RELU), Dense.of(2));
    Run run =
        new Run(
            "sample-weights",
            Compilation.of(Adam.of(0.01), MEAN_SQUARED_ERROR, MAE).weightedMetrics(MAE, MSE),
            backend);
    run.samples = run.samples.weights(run.w.getFirst());
    run.fit(fit -> fit.validationSplit(0.3));
    run.fit(fit -> fit.validationData(run.samples.take(20)));
    run.end();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void classWeights(String backend) {
    for (String name : List.of("class-weights", "class-weights-one-hot")) {
      model = Sequential.of(Input.of(6), Dense.of(4).activation(SOFTMAX));
      boolean sparse = name.equals("class-weights");
      Run run =
          new Run(
              name,
              Compilation.of(
                      SGD.of(0.1),
                      sparse ? SPARSE_CATEGORICAL_CROSSENTROPY : CATEGORICAL_CROSSENTROPY,
                      ACCURACY)
                  .weightedMetrics(ACCURACY),
              backend);
      run.fit(fit -> fit.classWeight(Map.of(0, 1.0, 1, 3.0, 3, 0.25)));
      run.end();
    }
  }

  @ParameterizedTest
  @MethodSource("backends")
  void stepWeights(String backend) {
    model =
        Sequential.of(
            Input.of(5, 3), Dense.of(6).activation(TANH), Dense.of(4).activation(SOFTMAX));
    Run run =
        new Run(
            "step-weights",
            Compilation.of(Adam.of(0.02), SPARSE_CATEGORICAL_CROSSENTROPY)
                .weightedMetrics(ACCURACY),
            backend);
    run.samples = run.samples.weights(run.w.getFirst());
    run.fit(fit -> fit);
    run.end();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void batches(String backend) {
    model =
        Sequential.of(Input.of(6), Dense.of(5).activation(RELU), Dense.of(4).activation(SOFTMAX));
    Run run =
        new Run(
            "batches",
            Compilation.of(Adam.of(0.02), SPARSE_CATEGORICAL_CROSSENTROPY, ACCURACY)
                .weightedMetrics(ACCURACY),
            backend);
    Samples weighted = run.samples.weights(run.w.getFirst());
    run.log(model.trainOnBatch(run.samples.rows(0, 16)));
    run.log(model.trainOnBatch(weighted.rows(16, 32)));
    run.log(model.trainOnBatch(run.samples.rows(32, 50), Map.of(0, 2.0, 2, 0.5)));
    run.log(model.testOnBatch(run.samples.rows(0, 10)));
    run.log(model.testOnBatch(weighted.rows(10, 30)));
    run.end();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void fitOptions(String backend) {
    model = Sequential.of(Input.of(6), Dense.of(2));
    Run run = new Run("fit-options", Compilation.of(SGD.of(0.1), MEAN_SQUARED_ERROR), backend);
    Samples few = run.samples.take(30);
    run.fit(
        fit ->
            fit.epochs(5)
                .initialEpoch(1)
                .validationFreq(2)
                .validationBatchSize(10)
                .validationSteps(2)
                .validationData(few));
    run.fit(fit -> fit.epochs(4).validationFreq(List.of(1, 4)).validationData(few));
    run.end();
  }

  /// A case of `models.json`, step by step.
  private final class Run {
    private final String name;
    private final Json spec;
    private final Map<String, Npy> arrays = Golden.arrays("models.npz");
    private final List<Tensor> w;
    private Samples samples;
    private int runs;

    Run(String name, Compilation compilation, String backend) {
      this.name = name;
      this.spec =
          Golden.json("models.json").get("cases").items().stream()
              .filter(one -> one.get("name").text().equals(name))
              .findFirst()
              .orElseThrow();
      this.w = numbered("w");
      this.samples = new Samples(numbered("x"), numbered("y"));
      assertEquals(
          spec.get("weights").items().stream().map(path -> lastTwo(path.text())).toList(),
          model.weights().keySet().stream().map(KerasModelsTest::lastTwo).toList());
      assertEquals((long) spec.get("params").number(), model.countParams());
      model.setWeights(numbered("initial/"));
      model.compile(compilation.running(run -> run.backend(backend)));
    }

    private List<Tensor> numbered(String prefix) {
      List<Tensor> found = new ArrayList<>();
      while (arrays.containsKey(name + "/" + prefix + found.size())) {
        found.add(KerasNetwork.tensor(arrays.get(name + "/" + prefix + found.size())));
      }
      return found;
    }

    void fit(UnaryOperator<Fit> options) {
      Map<String, List<Double>> figures = new LinkedHashMap<>();
      model
          .fit(
              samples,
              fit -> options.apply(fit.batchSize(16).epochs(3).shuffle(false).verbose(false)))
          .metrics()
          .forEach(figures::put);
      compare(figures);
    }

    void log(Scores scores) {
      Map<String, List<Double>> figures = new LinkedHashMap<>();
      scores.values().forEach((figure, value) -> figures.put(figure, List.of(value)));
      compare(figures);
    }

    private void compare(Map<String, List<Double>> figures) {
      Map<String, Json> wanted = spec.get("runs").items().get(runs).fields();
      runs++;
      assertEquals(
          wanted.keySet().stream().sorted().toList(), figures.keySet().stream().sorted().toList());
      wanted.forEach(
          (figure, value) -> {
            double[] numbers =
                value instanceof Json.Num(double number)
                    ? new double[] {number}
                    : value.items().stream().mapToDouble(Json::number).toArray();
            assertArrayEquals(
                numbers,
                figures.get(figure).stream().mapToDouble(v -> v).filter(v -> v == v).toArray(),
                1e-4,
                name + " run " + runs + " " + figure);
          });
    }

    void end() {
      List<Tensor> wanted = numbered("final/");
      List<String> paths = List.copyOf(model.weights().keySet());
      List<Tensor> weights = model.getWeights();
      for (int i = 0; i < wanted.size(); i++) {
        close(name + " " + paths.get(i), wanted.get(i), weights.get(i));
      }
      log(model.evaluate(samples, 16));
      List<Tensor> predicted = model.predict(samples.x(), 32);
      List<Tensor> predictions = numbered("predict");
      for (int i = 0; i < predictions.size(); i++) {
        close(name + " prediction " + i, predictions.get(i), predicted.get(i));
      }
      assertEquals(spec.get("runs").items().size(), runs);
    }
  }

  private static void close(String what, Tensor expected, Tensor actual) {
    assertArrayEquals(expected.shape().toArray(), actual.shape().toArray(), what);
    double scale = Arrays.stream(expected.toDoubles()).map(Math::abs).max().orElse(0);
    double difference = 0;
    for (long i = 0; i < expected.size(); i++) {
      difference = Math.max(difference, Math.abs(expected.get(i) - actual.get(i)));
    }
    assertTrue(
        difference <= TOLERANCE * Math.max(scale, 1e-2),
        what + ": differs by " + difference + " of " + scale);
  }

  private static String lastTwo(String path) {
    String[] parts = path.split("/");
    return parts[parts.length - 2] + "/" + parts[parts.length - 1];
  }
}
