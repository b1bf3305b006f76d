package io.kalamos.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kalamos.engine.Backend;
import io.kalamos.engine.Batch;
import io.kalamos.engine.CompileOptions;
import io.kalamos.engine.Graph;
import io.kalamos.engine.Node;
import io.kalamos.engine.Program;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.losses.Losses;
import io.kalamos.metrics.*;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every metric with its options and weights over two batches as real Keras computes it: from plain
/// tensors, and in programs of both backends.
class KerasMetricTest {
  private static final Json GOLDEN = Golden.json("metrics.json");
  private static final Map<String, Npy> ARRAYS = Golden.arrays("metrics.npz");
  private static final int FIRST = 6;

  private static List<Json> cases() {
    return GOLDEN.get("cases").items();
  }

  /// Keras's metric of a name; a loss as a metric where that is what it is.
  private static Metric configured(Json row) {
    String kind = row.get("class").text();
    Map<String, Json> config = row.get("config").fields();
    Metric metric = withDefaults(kind, config);
    if (metric instanceof KerasMetric<?>) {
      return (Metric) KerasOptions.configured((Record) metric, config);
    }
    if (config.isEmpty()) {
      return metric;
    }
    Record loss = (Record) Losses.named(kind);
    return Metric.of((io.kalamos.losses.Loss) KerasOptions.configured(loss, config));
  }

  private static Metric withDefaults(String kind, Map<String, Json> config) {
    return switch (kind) {
      case "Accuracy" -> Accuracy.of();
      case "IoU" -> IoU.of(9, 0);
      case "MeanIoU" -> MeanIoU.of(9);
      case "OneHotIoU" -> OneHotIoU.of(9, 0);
      case "OneHotMeanIoU" -> OneHotMeanIoU.of(9);
      case "PrecisionAtRecall" -> PrecisionAtRecall.of(config.get("recall").number());
      case "RecallAtPrecision" -> RecallAtPrecision.of(config.get("precision").number());
      case "SensitivityAtSpecificity" ->
          SensitivityAtSpecificity.of(config.get("specificity").number());
      case "SpecificityAtSensitivity" ->
          SpecificityAtSensitivity.of(config.get("sensitivity").number());
      default -> LOSSES.contains(kind) ? Metrics.named(kind) : withoutOptions(kind);
    };
  }

  private static Metric withoutOptions(String kind) {
    String ours = kind.equals("CosineSimilarity") ? "CosineProximity" : kind;
    try {
      return (Metric) Class.forName("io.kalamos.metrics." + ours).getMethod("of").invoke(null);
    } catch (ReflectiveOperationException problem) {
      throw new AssertionError(problem);
    }
  }

  private static Tensor data(Json row, String part) {
    return KerasNetwork.tensor(ARRAYS.get(row.get("name").text() + "/" + part));
  }

  @TestFactory
  Stream<DynamicTest> plainTensors() {
    return cases().stream()
        .map(row -> dynamicTest(row.get("name").text(), () -> checkPlainTensors(row)));
  }

  private static void checkPlainTensors(Json row) {
    Tensor target = data(row, "target");
    Tensor prediction = data(row, "prediction");
    int rows = prediction.shape().dim(0);
    Metric metric = configured(row);
    MetricState state = MetricState.of(metric);
    for (int from = 0; from < rows; from = from == 0 ? FIRST : rows) {
      int to = from == 0 ? FIRST : rows;
      if (row.get("weighted").bool()) {
        Tensor weight = data(row, "weight").rows(from, to);
        state.update(target.rows(from, to), prediction.rows(from, to), weight);
      } else {
        state.update(target.rows(from, to), prediction.rows(from, to));
      }
    }
    check(row, state.result());
    assertEquals(metric.single(), state.result().shape().equals(Shape.SCALAR));
    if (!row.get("weighted").bool() && !row.get("class").text().equals("Dice")) {
      check(row, metric.compute(target, prediction));
    }
    state.reset();
    assertEquals(0, state.value());
  }

  @TestFactory
  Stream<DynamicTest> oneDnn() {
    Backend backend = OpTable.backend("onednn");
    return backend.availability().usable()
        ? cases().stream()
            .map(row -> dynamicTest(row.get("name").text(), () -> checkProgram(row, backend)))
        : Stream.of();
  }

  private static void checkProgram(Json row, Backend backend) {
    Metric metric = configured(row);
    Map<String, Tensor> data = new LinkedHashMap<>();
    Node target = input(row, "target", data);
    Node prediction = input(row, "prediction", data);
    Optional<Node> weight =
        row.get("weighted").bool() ? Optional.of(input(row, "weight", data)) : Optional.empty();
    LinkedHashMap<String, Node> parts =
        new LinkedHashMap<>(metric.update(target, prediction, weight));
    Totals totals = new Totals(metric);
    CompileOptions options = CompileOptions.seeded(0).threads(2);
    if (List.of("Mean", "Sum").contains(row.get("class").text())) {
      data.remove("target");
    }
    try (Program program = backend.compile(new Graph(parts, List.of()), options)) {
      data.forEach(program::bind);
      program.run(IntStream.range(0, prediction.shape().dim(0)).toArray(), 0, 0);
      parts.keySet().forEach(name -> totals.add(name, program.output(name)));
    }
    check(row, totals.result());
  }

  private static Node input(Json row, String part, Map<String, Tensor> data) {
    Tensor tensor = data(row, part);
    data.put(part, tensor);
    return Node.of(new Batch(part, tensor.shape(), tensor.dtype()));
  }

  private static void check(Json row, Tensor result) {
    String name = row.get("name").text();
    KerasLossTest.compare(name, ARRAYS.get(name + "/result"), result);
  }

  /// Losses as metrics have the options of the loss.
  private static final Set<String> LOSSES =
      Set.of(
          "BinaryCrossentropy",
          "CategoricalCrossentropy",
          "CategoricalHinge",
          "Hinge",
          "KLDivergence",
          "LogCoshError",
          "MeanAbsoluteError",
          "MeanAbsolutePercentageError",
          "MeanSquaredError",
          "MeanSquaredLogarithmicError",
          "Poisson",
          "SparseCategoricalCrossentropy",
          "SquaredHinge");

  @Test
  void everyMetricOfKerasIsHereWithItsOptionsAndDefaults() {
    Set<String> compared = new TreeSet<>();
    Map<String, Json> half = new LinkedHashMap<>();
    for (String option : List.of("recall", "precision", "specificity", "sensitivity")) {
      half.put(option, new Json.Num(0.5));
    }
    GOLDEN
        .get("defaults")
        .fields()
        .forEach(
            (kind, options) -> {
              compared.add(kind);
              if (LOSSES.contains(kind)) {
                assertTrue(Metrics.find(kind).isPresent(), kind);
              } else {
                defaults((Record) withDefaults(kind, half), options.fields());
              }
            });
    assertEquals(44, compared.size(), compared::toString);
  }

  private static void defaults(Record part, Map<String, Json> options) {
    options.forEach(
        (option, wanted) -> {
          RecordComponent component =
              KerasOptions.component(part, KerasOptions.camelCase(option)).orElseThrow();
          Object ours = KerasOptions.value(part, component);
          if (!(option.equals("name") && wanted instanceof Json.Null)) {
            assertEquals(KerasOptions.converted(wanted, component), ours, part + " " + option);
          }
        });
  }

  @Test
  void everyNameOfKerasFindsItsMetric() {
    Set<String> unknown = new TreeSet<>();
    GOLDEN
        .get("names")
        .fields()
        .forEach(
            (name, kind) -> {
              if (Metrics.find(name).isEmpty()) {
                unknown.add(kind.text());
              } else {
                assertEquals(name, Metrics.named(name).name());
              }
            });
    assertEquals(
        Set.of(
            "IoU",
            "MeanIoU",
            "MeanMetricWrapper",
            "Metric",
            "OneHotIoU",
            "OneHotMeanIoU",
            "PrecisionAtRecall",
            "RecallAtPrecision",
            "SensitivityAtSpecificity",
            "SpecificityAtSensitivity"),
        unknown,
        "what cannot do without options");
  }

  @Test
  void rowsOfTheTable() {
    long weighted = cases().stream().filter(row -> row.get("weighted").bool()).count();
    assertEquals(List.of(340L, 168L), List.of((long) cases().size(), weighted));
  }
}
