package io.kalamos.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kalamos.engine.Availability;
import io.kalamos.engine.Backend;
import io.kalamos.engine.CompileOptions;
import io.kalamos.engine.Gradients;
import io.kalamos.engine.Graph;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Program;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.engine.Variable;
import io.kalamos.layers.Layer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every layer that real Keras computed: results, gradients at inputs and weights, new states, what
/// it adds to the loss, and the mask of the result.
class GoldenLayerTest {
  private static final double TOLERANCE = 5e-5;

  /// Layers whose mask is not that of their first input; Keras says of them that they support
  /// masks.
  private static final Set<String> OWN_MASKS =
      Set.of(
          "Add",
          "Subtract",
          "Multiply",
          "Average",
          "Maximum",
          "Minimum",
          "Concatenate",
          "Dot",
          "GlobalAveragePooling1D",
          "Masking",
          "Embedding",
          "SimpleRNN",
          "LSTM",
          "GRU",
          "Bidirectional");

  private static final Json INDEX = Golden.json("layers.json");
  private static final List<Json> ROWS = new ArrayList<>(INDEX.get("cases").items());
  private static final Map<String, Npy> ARRAYS = new LinkedHashMap<>(Golden.arrays("layers.npz"));

  static {
    ROWS.addAll(Golden.json("sequences.json").get("cases").items());
    Golden.arrays("sequences.npz")
        .forEach((name, array) -> assertNull(ARRAYS.put(name, array), name));
  }

  @TestFactory
  Stream<DynamicTest> onPlainJava() {
    return cases(OpTable.oracle());
  }

  @TestFactory
  Stream<DynamicTest> onOneDnn() {
    Backend backend = OpTable.backend("onednn");
    Availability availability = backend.availability();
    assumeTrue(availability.usable(), availability.details());
    return cases(backend);
  }

  private static Stream<DynamicTest> cases(Backend backend) {
    return ROWS.stream().map(row -> dynamicTest(label(row), () -> check(row, backend)));
  }

  private static String label(Json row) {
    return row.get("name").text() + " " + row.get("config").fields().keySet();
  }

  private static void check(Json row, Backend backend) {
    String name = row.get("name").text();
    Layer layer = KerasLayers.of(row.get("class").text(), row.get("config").fields());
    if (!OWN_MASKS.contains(layer.kind())) {
      assertEquals(row.get("masking").bool(), layer.passesMask(), "passesMask()");
    }
    List<Node> inputs = new ArrayList<>();
    List<Optional<Node>> masks = new ArrayList<>();
    for (int i = 0; i < row.get("inputs").number(); i++) {
      inputs.add(parameter(name + "/in" + i).orElseThrow());
      masks.add(parameter(name + "/mask" + i));
    }
    Map<String, Node> weights = named(row, "weights", name + "/weight");
    Map<String, Node> states = named(row, "states", name + "/state");
    LayerCall call =
        new LayerCall(layer, row.get("training").bool(), inputs, masks, weights, states);
    Node y = call.run();
    List<String> order = new ArrayList<>(weights.keySet());
    order.addAll(states.keySet());
    assertEquals(order, call.asked(), "weights in Keras's order");
    assertEquals(
        ARRAYS.containsKey(name + "/outmask"), call.resultMask().isPresent(), "has a mask");

    Map<String, Node> wanted = new LinkedHashMap<>();
    wanted.put("out", y);
    List<Node> results = new ArrayList<>(List.of(y));
    results.addAll(call.further());
    for (int i = 1; i < results.size(); i++) {
      wanted.put("out" + i, results.get(i));
    }
    assertEquals(
        row.fields().containsKey("results") ? (int) row.get("results").number() : 1,
        results.size(),
        "results");
    call.resultMask().ifPresent(mask -> wanted.put("outmask", mask));
    call.prices().stream().reduce(Ops::add).ifPresent(price -> wanted.put("price", price));
    if (row.get("training").bool()) {
      int i = 0;
      for (String state : states.keySet()) {
        wanted.put("newstate" + i++, call.updates().get(state));
      }
    }
    gradients(row, name, results, inputs, List.copyOf(weights.values()), wanted);
    Graph graph = new Graph(new LinkedHashMap<>(wanted), List.of());
    try (Program program = backend.compile(graph, CompileOptions.seeded(0))) {
      program.run(new int[0], 0, 0);
      wanted.keySet().forEach(key -> compare(name + "/" + key, program.output(key)));
    }
  }

  private static void gradients(
      Json row,
      String name,
      List<Node> results,
      List<Node> inputs,
      List<Node> weights,
      Map<String, Node> wanted) {
    List<String> keys = new ArrayList<>();
    List<Node> sources = new ArrayList<>();
    for (Json input : row.get("gradients").items()) {
      keys.add("grad" + (int) input.number());
      sources.add(inputs.get((int) input.number()));
    }
    for (int i = 0; i < weights.size(); i++) {
      keys.add("weightgrad" + i);
      sources.add(weights.get(i));
    }
    if (sources.isEmpty()) {
      return;
    }
    Node total = seeded(name + "/seed", results.getFirst());
    for (int i = 1; i < results.size(); i++) {
      total = Ops.add(total, seeded(name + "/seed" + i, results.get(i)));
    }
    List<Node> gradients = Gradients.of(total, sources);
    for (int i = 0; i < keys.size(); i++) {
      wanted.put(keys.get(i), gradients.get(i));
    }
  }

  private static Node seeded(String key, Node result) {
    Node seed = Ops.constant(KerasNetwork.tensor(ARRAYS.get(key)));
    return Ops.sumAll(Ops.multiply(result, Ops.reshape(seed, result.shape())));
  }

  private static Map<String, Node> named(Json row, String kind, String prefix) {
    Map<String, Node> values = new LinkedHashMap<>();
    int i = 0;
    for (Json name : row.get(kind).items()) {
      values.put(name.text(), parameter(prefix + i++).orElseThrow());
    }
    return values;
  }

  private static Optional<Node> parameter(String key) {
    return Optional.ofNullable(ARRAYS.get(key))
        .map(array -> Ops.parameter(new Variable(key, KerasNetwork.tensor(array), true)));
  }

  private static void compare(String key, Tensor received) {
    Npy array = ARRAYS.get(key);
    if (array == null && key.endsWith("/price")) {
      array = new Npy.Floats(new int[0], new float[1]);
    }
    Tensor expected = KerasNetwork.tensor(array);
    assertEquals(expected.shape(), received.shape(), key);
    double scale = 1;
    for (long i = 0; i < expected.size(); i++) {
      scale = Math.max(scale, Math.abs(expected.get(i)));
    }
    for (long i = 0; i < expected.size(); i++) {
      long at = i;
      assertTrue(
          Math.abs(expected.get(i) - received.get(i)) <= TOLERANCE * scale,
          () -> key + "[" + at + "]: Keras " + expected.get(at) + ", here " + received.get(at));
    }
  }

  @TestFactory
  Stream<DynamicTest> defaults() {
    return INDEX.get("defaults").fields().entrySet().stream()
        .map(entry -> dynamicTest(entry.getKey(), () -> compare(entry.getKey(), entry.getValue())));
  }

  private static void compare(String kind, Json example) {
    Layer layer = KerasLayers.of(kind, example.get("given").fields());
    new KerasConfig(layer, example.get("config").fields()).check();
  }

  /// So that the table above cannot shrink unnoticed.
  @org.junit.jupiter.api.Test
  void coversEveryLayer() {
    assertTrue(INDEX.get("defaults").fields().size() >= 51, "layers");
    assertTrue(INDEX.get("cases").items().size() >= 206, "cases");
    assertTrue(ROWS.size() >= 206 + 95, "cases of sequences");
    assertEquals(Shape.of(2, 3), KerasNetwork.tensor(ARRAYS.get(first() + "/out")).shape());
  }

  private static String first() {
    return INDEX.get("cases").items().stream()
        .filter(row -> row.get("class").text().equals("Identity"))
        .findFirst()
        .orElseThrow()
        .get("name")
        .text();
  }
}
