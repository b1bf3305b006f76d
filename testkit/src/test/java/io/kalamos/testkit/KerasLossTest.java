package io.kalamos.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kalamos.engine.Backend;
import io.kalamos.engine.Batch;
import io.kalamos.engine.CompileOptions;
import io.kalamos.engine.Gradients;
import io.kalamos.engine.Graph;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Program;
import io.kalamos.engine.Tensor;
import io.kalamos.losses.Loss;
import io.kalamos.losses.Losses;
import io.kalamos.losses.Reduction;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every loss with its options, weights, masks and reductions as real Keras computes it, on both
/// backends.
class KerasLossTest {
  private static final Json GOLDEN = Golden.json("losses.json");
  private static final Map<String, Npy> ARRAYS = Golden.arrays("losses.npz");
  private static final double TOLERANCE = 2e-5;

  private static Loss configured(Json row) {
    Loss loss = Losses.named(row.get("class").text());
    return (Loss) KerasOptions.configured((Record) loss, row.get("config").fields());
  }

  private static List<Json> cases() {
    return GOLDEN.get("cases").items();
  }

  private static Stream<DynamicTest> on(Backend backend, int threads) {
    return cases().stream()
        .map(row -> dynamicTest(row.get("name").text(), () -> check(row, backend, threads)));
  }

  @TestFactory
  Stream<DynamicTest> java() {
    return on(OpTable.oracle(), 1);
  }

  @TestFactory
  Stream<DynamicTest> oneDnn() {
    Backend backend = OpTable.backend("onednn");
    return backend.availability().usable() ? on(backend, 2) : Stream.of();
  }

  private static void check(Json row, Backend backend, int threads) {
    String name = row.get("name").text();
    Loss loss = configured(row);
    SequencedMap<String, Tensor> data = new LinkedHashMap<>();
    Node target = input(name, "target", data);
    Node prediction = input(name, "prediction", data);
    Optional<Node> weight = optional(row, "weighted", name, "weight", data);
    Optional<Node> mask = optional(row, "masked", name, "mask", data);
    Node value = loss.weighted(target, prediction, weight, mask);
    SequencedMap<String, Node> outputs = new LinkedHashMap<>();
    outputs.put("value", value);
    outputs.put("each", Ops.multiply(loss.call(target, prediction), 1));
    outputs.put("gradient", Gradients.of(Ops.sumAll(value), List.of(prediction)).getFirst());
    try (Program program =
        backend.compile(new Graph(outputs, List.of()), CompileOptions.seeded(0).threads(threads))) {
      data.forEach(program::bind);
      int rows = prediction.shape().dim(0);
      program.run(IntStream.range(0, rows).toArray(), 0, 0);
      for (String output : outputs.keySet()) {
        compare(name + " " + output, ARRAYS.get(name + "/" + output), program.output(output));
      }
    }
  }

  private static Optional<Node> optional(
      Json row, String flag, String name, String part, Map<String, Tensor> data) {
    return row.get(flag).bool() ? Optional.of(input(name, part, data)) : Optional.empty();
  }

  private static Node input(String name, String part, Map<String, Tensor> data) {
    Tensor tensor = KerasNetwork.tensor(ARRAYS.get(name + "/" + part));
    data.put(part, tensor);
    return Node.of(new Batch(part, tensor.shape(), tensor.dtype()));
  }

  static void compare(String name, Npy expected, Tensor received) {
    float[] values = expected.floats();
    assertEquals(values.length, received.size(), name);
    double largest = 1;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < values.length; i++) {
      assertEquals(values[i], received.get(i), TOLERANCE * largest, name + " at " + i);
    }
  }

  @Test
  void everyLossOfKerasIsHereWithItsOptionsAndDefaults() {
    Set<String> ours = new TreeSet<>();
    GOLDEN
        .get("defaults")
        .fields()
        .forEach(
            (kind, options) -> {
              ours.add(kind);
              defaults((Record) Losses.named(kind), options.fields());
            });
    assertEquals(22, ours.size(), ours::toString);
    assertEquals(ours.size(), Losses.ALL.size());
  }

  private static void defaults(Record part, Map<String, Json> options) {
    assertEquals(options.size(), part.getClass().getRecordComponents().length, part::toString);
    options.forEach(
        (option, wanted) -> {
          RecordComponent component =
              KerasOptions.component(part, KerasOptions.camelCase(option)).orElseThrow();
          assertEquals(
              KerasOptions.converted(wanted, component),
              KerasOptions.value(part, component),
              part + " " + option);
        });
  }

  @Test
  void everyNameOfKerasFindsItsLoss() {
    Set<String> unknown = new TreeSet<>();
    GOLDEN
        .get("names")
        .fields()
        .forEach(
            (name, kind) -> {
              Optional<Loss> found = Losses.find(name);
              if (found.isEmpty()) {
                unknown.add(name);
              } else {
                String plain = kind.text().replace("_", "");
                String simple = found.get().getClass().getSimpleName();
                assertTrue(plain.equalsIgnoreCase(simple), name + " gave " + simple);
              }
            });
    assertEquals(Set.of("Loss", "LossFunctionWrapper"), unknown);
  }

  /// Each loss without weights, with weights, and with each reduction.
  @Test
  void rowsOfTheTable() {
    long weighted = cases().stream().filter(row -> row.get("weighted").bool()).count();
    long masked = cases().stream().filter(row -> row.get("masked").bool()).count();
    assertEquals(List.of(307L, 189L, 68L), List.of((long) cases().size(), weighted, masked));
    for (Reduction reduction : Reduction.values()) {
      boolean implied = reduction == Reduction.SUM_OVER_BATCH_SIZE;
      assertTrue(
          implied
              || cases().stream()
                  .anyMatch(row -> row.get("name").text().contains(reduction.word())));
    }
  }
}
