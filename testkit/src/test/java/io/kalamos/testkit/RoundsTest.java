package io.kalamos.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kalamos.engine.Assign;
import io.kalamos.engine.Backend;
import io.kalamos.engine.Batch;
import io.kalamos.engine.CompileOptions;
import io.kalamos.engine.CounterRandom;
import io.kalamos.engine.DType;
import io.kalamos.engine.Gradients;
import io.kalamos.engine.Graph;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Program;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.engine.Variable;
import io.kalamos.engine.Window;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A thread that works alone goes over a large batch in rounds where layers hand over more than the
/// caches hold: the same numbers as by the plain backend, in less memory.
class RoundsTest {
  private static final int SAMPLES = 256;
  private static final int FILTERS = 256;
  private static final int CLASSES = 5;

  /// 64 KiB of each sample come out of the convolution.
  private static final int FEATURES = 8 * 8 * FILTERS;

  private final Variable kernel = variable(1, 3, 3, 4, FILTERS);
  private final Variable spread = variable(2, FILTERS);
  private final Variable weights = variable(3, FEATURES, CLASSES);
  private final Backend backend = OpTable.backend("onednn");

  @BeforeEach
  void hasTheLibrary() {
    assumeTrue(backend.availability().usable());
  }

  @Test
  void computesWhatThePlainBackendDoes() {
    Graph graph = graph(SAMPLES);
    Map<String, float[]> expected;
    try (Program plain = compile(OpTable.oracle(), graph)) {
      expected = results(plain, graph);
    }
    CompileOptions timed = CompileOptions.seeded(1).threads(1).profile(true);
    try (Program program = backend.compile(graph, timed)) {
      Map<String, float[]> received = results(program, graph);
      for (String name : expected.keySet()) {
        assertArrayEquals(expected.get(name), received.get(name), 1e-4f, name);
      }
      Map<String, float[]> again = results(program, graph);
      received.forEach((name, numbers) -> assertArrayEquals(numbers, again.get(name), name));
      assertRounds(4, program);
      assertTrue(program.explain().contains("sum of the first round's steps: "));
      long all = 4L * SAMPLES * FEATURES;
      assertTrue(program.bytes() < all / 2, program.bytes() + " bytes of " + all);
    }
  }

  @Test
  void thereAreNoneWhereNothingIsGained() {
    assertRounds(1, graph(96), 1);
    assertRounds(1, graph(257), 1);
    assertRounds(1, graph(SAMPLES), 2);
  }

  /// They would be read from memory in each round, here in bfloat16.
  @Test
  void largeWeightsAreReadOnce() {
    Variable large = variable(5, FEATURES, CLASSES * 80);
    Node x = Node.of(new Batch("x", Shape.of(SAMPLES, FEATURES), DType.FLOAT32));
    Node narrow = Ops.cast(Ops.tanh(x), DType.BFLOAT16);
    Node weight = Ops.cast(Ops.parameter(large), DType.BFLOAT16);
    assumeTrue(backend.multiplies(DType.BFLOAT16));
    assertRounds(1, Graph.of("y", Ops.cast(Ops.matmul(narrow, weight), DType.FLOAT32)), 1);
    Node few = Ops.slice(weight, 1, 0, CLASSES);
    assertRounds(2, Graph.of("y", Ops.cast(Ops.matmul(narrow, few), DType.FLOAT32)), 1);
  }

  /// Each round would hold gradients of all weights.
  @Test
  void gradientsAreComputedAtOnce() {
    Node loss = Ops.meanAll(outputs(SAMPLES).get("y"));
    Graph graph = Graph.of("d", Gradients.of(loss, List.of(Ops.parameter(weights))).getFirst());
    assertRounds(1, graph, 1);
  }

  /// The rows would have to wait for all others.
  @Test
  void whatReadsSumsOverTheBatchTakesOneRound() {
    SequencedMap<String, Node> outputs = outputs(SAMPLES);
    outputs.put("distance", Ops.subtract(outputs.get("y"), outputs.get("mean")));
    assertRounds(1, new Graph(outputs, List.of()), 1);
  }

  /// Later rounds would read what earlier ones have written.
  @Test
  void updatesTakeOneRound() {
    SequencedMap<String, Node> outputs = outputs(SAMPLES);
    Node other = Ops.multiply(Ops.parameter(spread), 2);
    assertRounds(1, new Graph(outputs, List.of(new Assign(spread, other))), 1);
  }

  private Graph graph(int batch) {
    return new Graph(outputs(batch), List.of());
  }

  /// Weights that are prepared for all rounds, sums over the batch, and what is made of these.
  private SequencedMap<String, Node> outputs(int batch) {
    Node x = Node.of(new Batch("x", Shape.of(batch, 8, 8, 4), DType.FLOAT32));
    Node scale = Ops.rsqrt(Ops.add(Ops.square(Ops.parameter(spread)), 1));
    Node scaled =
        Ops.multiply(Ops.parameter(kernel), Ops.reshape(scale, Shape.of(1, 1, 1, FILTERS)));
    Window window = Window.valid(3, 3, 1, 1).same(8, 8);
    Node features = Ops.relu(Ops.conv2d(x, scaled, window, 1));
    Node rows = Ops.reshape(features, Shape.of(batch, FEATURES));
    Node y = Ops.tanh(Ops.matmul(rows, Ops.parameter(weights)));
    Node mean = Ops.mean(y, 0);
    SequencedMap<String, Node> outputs = new LinkedHashMap<>();
    outputs.put("y", y);
    outputs.put("scale", scale);
    outputs.put("mean", mean);
    outputs.put("turned", Ops.transpose(Ops.exp(mean), 1, 0));
    return outputs;
  }

  private static Variable variable(int stream, int... shape) {
    return new Variable("v" + stream, numbers(stream, shape), true);
  }

  private static Tensor numbers(int stream, int... shape) {
    Tensor tensor = Tensor.zeros(DType.FLOAT32, Shape.of(shape));
    tensor.fill(i -> 0.1 * CounterRandom.normal(7, stream, 0, i));
    return tensor;
  }

  private static Program compile(Backend backend, Graph graph) {
    return compile(backend, graph, 1);
  }

  private static Program compile(Backend backend, Graph graph, int threads) {
    return backend.compile(graph, CompileOptions.seeded(1).threads(threads));
  }

  /// Of samples in an order of their own.
  private static Map<String, float[]> results(Program program, Graph graph) {
    program.bind("x", numbers(4, SAMPLES, 8, 8, 4));
    program.run(IntStream.range(0, SAMPLES).map(i -> i * 37 % SAMPLES).toArray(), 0, 0);
    Map<String, float[]> results = new LinkedHashMap<>();
    for (String name : graph.outputs().keySet()) {
      results.put(name, program.output(name).toFloats().clone());
    }
    return results;
  }

  private void assertRounds(int expected, Graph graph, int threads) {
    try (Program program = compile(backend, graph, threads)) {
      assertRounds(expected, program);
    }
  }

  private static void assertRounds(int expected, Program program) {
    String plan = program.explain();
    assertEquals(expected > 1, plan.contains(" in " + expected + " rounds, "), plan);
  }
}
