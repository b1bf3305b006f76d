package io.kalamos.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.callbacks.History;
import io.kalamos.data.Samples;
import io.kalamos.engine.Backend;
import io.kalamos.engine.Tensor;
import io.kalamos.metrics.Metric;
import io.kalamos.metrics.Metrics;
import io.kalamos.models.Compilation;
import io.kalamos.models.Model;
import io.kalamos.models.Scores;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Networks trained for three epochs from Keras's initial weights end with Keras's weights, on
/// every backend that works here.
class KerasParityTest {
  /// Of a weight's largest value: what float32 and another order of sums may differ by.
  private static final double TOLERANCE = 1e-4;

  static Stream<Arguments> runs() {
    return Backend.all().stream()
        .filter(backend -> backend.availability().usable())
        .flatMap(backend -> Golden.trainings().stream().map(n -> Arguments.of(backend.name(), n)));
  }

  @ParameterizedTest
  @MethodSource("runs")
  void trainsAsKeras(String backend, String name) {
    Golden.Training run = Golden.training(name);
    Model model = KerasNetwork.model(run);
    List<Golden.Weight> weights = run.weights();
    List<String> paths = List.copyOf(model.weights().keySet());
    assertEquals(weights.size(), paths.size());
    for (int w = 0; w < paths.size(); w++) {
      assertEquals(tail(weights.get(w).path(), paths.get(w)), paths.get(w));
    }
    model.setWeights(weights.stream().map(w -> KerasNetwork.tensor(w.initial())).toList());
    assertEquals((long) run.spec().get("params").number(), model.countParams());
    Metric[] metrics =
        run.spec().get("metrics").items().stream()
            .map(metric -> Metrics.named(snakeCase(metric.text())))
            .toArray(Metric[]::new);
    model.compile(
        Compilation.of(
                KerasNetwork.optimizer(run.spec().get("optimizer")),
                KerasNetwork.loss(run.spec().get("loss")),
                metrics)
            .running(options -> options.backend(backend).threads(2)));
    Samples samples = Samples.of(KerasNetwork.tensor(run.x()), KerasNetwork.tensor(run.y()));
    Tensor first = samples.x().getFirst().rows(0, 8);
    close(name + " first prediction", run.predictInitial(), model.predict(first));

    History history =
        model.fit(
            samples,
            fit ->
                fit.batchSize(run.batchSize()).epochs(run.epochs()).shuffle(false).verbose(false));

    int i = 0;
    for (Tensor value : model.weights().values()) {
      close(name + " " + weights.get(i).path(), weights.get(i).trained(), value);
      i++;
    }
    run.history()
        .forEach(
            (figure, values) ->
                assertArrayEquals(
                    values,
                    history.metric(figure).stream().mapToDouble(v -> v).toArray(),
                    TOLERANCE * Math.max(1, Arrays.stream(values).max().orElseThrow()),
                    figure));
    Scores scores = model.evaluate(samples, run.batchSize());
    run.evaluate()
        .forEach(
            (figure, value) ->
                assertEquals(value, scores.get(figure), TOLERANCE * Math.max(1, value), figure));
    close(name + " last prediction", run.predict(), model.predict(first));
    model.close();
  }

  private static void close(String what, Npy wanted, Tensor actual) {
    Tensor expected = KerasNetwork.tensor(wanted);
    assertArrayEquals(expected.shape().toArray(), actual.shape().toArray(), what);
    double scale = 0;
    double difference = 0;
    for (long i = 0; i < expected.size(); i++) {
      scale = Math.max(scale, Math.abs(expected.get(i)));
      difference = Math.max(difference, Math.abs(expected.get(i) - actual.get(i)));
    }
    assertTrue(
        difference <= TOLERANCE * Math.max(scale, 1e-2),
        what + ": differs by " + difference + " of " + scale);
  }

  /// As many parts of Keras's path as ours has: Keras's begins with the model's name.
  private static String tail(String path, String ours) {
    String[] parts = path.split("/");
    int from = Math.max(0, parts.length - ours.split("/").length);
    return String.join("/", Arrays.copyOfRange(parts, from, parts.length));
  }

  private static String snakeCase(String name) {
    return name.replaceAll("([a-z])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }
}
