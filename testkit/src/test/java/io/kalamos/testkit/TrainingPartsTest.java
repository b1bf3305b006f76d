package io.kalamos.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kalamos.activations.ActivationFunction;
import io.kalamos.activations.Activations;
import io.kalamos.activations.Celu;
import io.kalamos.activations.Elu;
import io.kalamos.activations.Gelu;
import io.kalamos.activations.Glu;
import io.kalamos.activations.HardShrink;
import io.kalamos.activations.LeakyRelu;
import io.kalamos.activations.Relu;
import io.kalamos.activations.SoftShrink;
import io.kalamos.activations.Squareplus;
import io.kalamos.activations.Threshold;
import io.kalamos.constraints.Constraint;
import io.kalamos.engine.Backend;
import io.kalamos.engine.CompileOptions;
import io.kalamos.engine.DType;
import io.kalamos.engine.Gradients;
import io.kalamos.engine.Graph;
import io.kalamos.engine.Node;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Program;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.engine.Variable;
import io.kalamos.initializers.Initializer;
import io.kalamos.regularizers.Regularizer;
import io.kalamos.schedules.LearningRateSchedule;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Activations, schedules, constraints, regularizers and initializers, each made from Keras's
/// configuration, against what Keras computed.
class TrainingPartsTest {
  private static final Json INDEX = Golden.json("training_parts.json");
  private static final Map<String, Npy> ARRAYS = Golden.arrays("training_parts.npz");

  private static List<Backend> backends() {
    return Backend.all().stream().filter(backend -> backend.availability().usable()).toList();
  }

  private static Tensor array(String name) {
    return KerasNetwork.tensor(ARRAYS.get(name));
  }

  private static Stream<DynamicTest> each(String group, Check check) {
    List<Json> cases = INDEX.get(group).items();
    return IntStream.range(0, cases.size())
        .boxed()
        .flatMap(
            i ->
                backends().stream()
                    .map(
                        backend ->
                            dynamicTest(
                                i + " " + label(cases.get(i)) + " on " + backend.name(),
                                () -> check.of(i, cases.get(i), backend))));
  }

  private static String label(Json spec) {
    Map<String, Json> fields = spec.fields();
    return (fields.containsKey("name") ? fields.get("name") : fields.get("class_name")).text();
  }

  private interface Check {
    void of(int i, Json spec, Backend backend);
  }

  /// A table that lost rows would pass unseen.
  @Test
  void thereAreAsManyCasesAsWereWritten() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (String group :
        List.of(
            "activations",
            "schedules",
            "constraints",
            "regularizers",
            "initializers",
            "optimizers")) {
      counts.put(group, INDEX.get(group).items().size());
    }
    assertEquals(
        Map.of(
            "activations", 45,
            "schedules", 15,
            "constraints", 10,
            "regularizers", 5,
            "initializers", 82,
            "optimizers", 107),
        counts);
    assertTrue(
        Activations.ALL.stream()
            .map(ActivationFunction::name)
            .allMatch(
                name ->
                    INDEX.get("activations").items().stream()
                        .anyMatch(c -> c.get("name").text().equals(name))));
  }

  @TestFactory
  Stream<DynamicTest> activations() {
    return each("activations", TrainingPartsTest::activation);
  }

  private static void activation(int i, Json spec, Backend backend) {
    String name = spec.get("name").text();
    Tensor x = array("activations/x");
    if (name.equals("exponential")) {
      Tensor bounded = Tensor.zeros(x.dtype(), x.shape());
      bounded.fill(at -> Math.min(80, x.get(at)));
      compareActivation(i, spec, backend, bounded);
    } else {
      compareActivation(i, spec, backend, x);
    }
  }

  private static void compareActivation(int i, Json spec, Backend backend, Tensor x) {
    Node input = Ops.parameter(new Variable("x", x, true));
    Node y = activation(spec).apply(input);
    Node seed = Ops.constant(array("activations/seed"));
    for (int axis = 0; axis < y.shape().rank(); axis++) {
      seed = Ops.slice(seed, axis, 0, y.shape().dim(axis)); // glu's result is smaller
    }
    Node weighted = Ops.multiply(y, seed);
    SequencedMap<String, Node> outputs = new LinkedHashMap<>();
    outputs.put("y", y);
    outputs.put("gradient", Gradients.of(Ops.sumAll(weighted), List.of(input)).getFirst());
    Map<String, Tensor> results = run(backend, outputs);
    for (String result : outputs.keySet()) {
      Tensor expected = array("activations/" + i + "/" + result);
      for (int at = 0; at < expected.size(); at++) {
        double wanted = expected.get(at);
        assertEquals(
            wanted,
            results.get(result).get(at),
            2e-6 * Math.max(1, Math.abs(wanted)) + cancelled(spec, x.get(at)),
            result + " at x=" + x.get(at));
      }
    }
  }

  /// Where Keras takes the difference of two numbers like |x|, or of 1 and one like it times x, and
  /// ours does not.
  private static double cancelled(Json spec, double x) {
    return switch (spec.get("name").text()) {
      case "squareplus" -> Math.max(0, -x) * Math.ulp(1f);
      case "mish" -> 4 * Math.clamp(x, 0, 20) * Math.ulp(1f);
      default -> 0;
    };
  }

  private static ActivationFunction activation(Json spec) {
    String name = spec.get("name").text();
    Map<String, Json> options = spec.get("config").fields();
    if (options.isEmpty()) {
      return Activations.named(name);
    }
    return switch (name) {
      case "elu" -> Elu.of(options.get("alpha").number());
      case "celu" -> Celu.of(options.get("alpha").number());
      case "leaky_relu" -> LeakyRelu.of(options.get("negative_slope").number());
      case "gelu" -> Gelu.of(options.get("approximate").bool());
      case "hard_shrink" -> HardShrink.of(options.get("threshold").number());
      case "soft_shrink" -> SoftShrink.of(options.get("threshold").number());
      case "squareplus" -> Squareplus.of(options.get("b").number());
      case "glu" -> Glu.of((int) options.get("axis").number());
      case "threshold" ->
          Threshold.of(options.get("threshold").number(), options.get("default_value").number());
      case "relu" -> {
        Relu relu = Relu.of();
        for (Map.Entry<String, Json> option : options.entrySet()) {
          double value = option.getValue().number();
          relu =
              switch (option.getKey()) {
                case "negative_slope" -> relu.negativeSlope(value);
                case "max_value" -> relu.maxValue(value);
                case "threshold" -> relu.threshold(value);
                case String other -> throw new AssertionError(other);
              };
        }
        yield relu;
      }
      case String other -> throw new AssertionError(other);
    };
  }

  private static Map<String, Tensor> run(Backend backend, SequencedMap<String, Node> outputs) {
    try (Program program =
        backend.compile(new Graph(outputs, List.of()), CompileOptions.seeded(0).threads(2))) {
      program.run(new int[0], 0, 0);
      Map<String, Tensor> results = new LinkedHashMap<>();
      outputs.keySet().forEach(name -> results.put(name, program.output(name).copy()));
      return results;
    }
  }

  private static Tensor run(Backend backend, Node node) {
    SequencedMap<String, Node> outputs = new LinkedHashMap<>();
    outputs.put("value", node);
    return run(backend, outputs).get("value");
  }

  /// Keras computes rates in float32.
  @TestFactory
  Stream<DynamicTest> schedules() {
    List<Json> cases = INDEX.get("schedules").items();
    Tensor steps = array("schedules/steps");
    return IntStream.range(0, cases.size())
        .mapToObj(
            i ->
                dynamicTest(
                    i + " " + label(cases.get(i)),
                    () -> {
                      LearningRateSchedule schedule =
                          KerasParts.part(cases.get(i), LearningRateSchedule.class);
                      Tensor rates = array("schedules/" + i);
                      for (int at = 0; at < steps.size(); at++) {
                        long step = (long) steps.get(at);
                        double wanted = rates.get(at);
                        assertEquals(
                            wanted, schedule.at(step), 3e-6 * wanted + 1e-7, "step " + step);
                      }
                    }));
  }

  @TestFactory
  Stream<DynamicTest> constraints() {
    return each(
        "constraints",
        (i, spec, backend) -> {
          Tensor weight = array("constraints/" + spec.get("weight").text());
          Node node = Ops.parameter(new Variable("weight", weight, true));
          Constraint constraint = KerasParts.part(spec, Constraint.class);
          close(array("constraints/" + i), run(backend, constraint.project(node)), 2e-6);
        });
  }

  @TestFactory
  Stream<DynamicTest> regularizers() {
    return each(
        "regularizers",
        (i, spec, backend) -> {
          Node weight = Ops.parameter(new Variable("weight", array("regularizers/weight"), true));
          Node penalty = KerasParts.part(spec, Regularizer.class).penalty(weight);
          assertEquals(
              spec.get("penalty").number(),
              run(backend, penalty).get(0),
              1e-5 * Math.max(1, spec.get("penalty").number()));
          Node gradient = Gradients.of(penalty, List.of(weight)).getFirst();
          close(array("regularizers/" + i + "/gradient"), run(backend, gradient), 2e-6);
        });
  }

  private static void close(Tensor expected, Tensor actual, double tolerance) {
    assertEquals(expected.shape(), actual.shape());
    double scale = Arrays.stream(expected.toDoubles()).map(Math::abs).max().orElseThrow();
    for (int at = 0; at < expected.size(); at++) {
      assertEquals(expected.get(at), actual.get(at), tolerance * scale, "element " + at);
    }
  }

  /// Other random numbers of the same distribution: mean, deviation and bounds, over 10,000 values
  /// and more.
  @TestFactory
  Stream<DynamicTest> initializers() {
    return INDEX.get("initializers").items().stream()
        .map(
            spec ->
                dynamicTest(
                    label(spec) + " " + spec.get("shape").items(), () -> initializer(spec)));
  }

  private static void initializer(Json spec) {
    Initializer initializer = KerasParts.part(spec, Initializer.class);
    int[] shape =
        spec.get("shape").items().stream().mapToInt(size -> (int) size.number()).toArray();
    Tensor weight = Tensor.zeros(DType.FLOAT32, Shape.of(shape));
    initializer.fill(weight, 11, 3);
    double[] values = weight.toDoubles();
    double mean = Arrays.stream(values).average().orElseThrow();
    double deviation =
        Math.sqrt(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).average().orElseThrow());
    double wanted = spec.get("deviation").number();
    double error = wanted / Math.sqrt(values.length);
    assertEquals(spec.get("mean").number(), mean, 6 * error + 1e-7, "mean");
    assertEquals(wanted, deviation, 4 * error + 1e-7, "deviation");
    double range = spec.get("greatest").number() - spec.get("least").number();
    // the tails of normal numbers end where they happen to
    boolean tails = label(spec).equals("RandomNormal") || label(spec).equals("Orthogonal");
    boolean untruncated = tails || spec.get("config").toString().contains("untruncated_normal");
    double slack = (untruncated ? 0.25 : 0.01) * range + 1e-7;
    assertEquals(
        spec.get("least").number(), Arrays.stream(values).min().orElseThrow(), slack, "least");
    assertEquals(
        spec.get("greatest").number(),
        Arrays.stream(values).max().orElseThrow(),
        slack,
        "greatest");
  }
}
