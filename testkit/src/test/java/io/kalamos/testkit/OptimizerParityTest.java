package io.kalamos.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kalamos.engine.Backend;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.optimizers.Optimizer;
import io.kalamos.optimizers.WithOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every optimizer with every option, made from Keras's configuration: twelve steps on two weights
/// with given gradients end where Keras's do, on every backend, with two threads.
class OptimizerParityTest {
  private static final Json INDEX = Golden.json("training_parts.json");
  private static final Map<String, Npy> ARRAYS = Golden.arrays("training_parts.npz");
  private static final List<String> WEIGHTS = List.of("kernel", "bias");

  /// Of a weight's greatest value.
  private static final double TOLERANCE = 5e-6;

  static Stream<Arguments> cases() {
    List<Json> cases = INDEX.get("optimizers").items();
    return Backend.all().stream()
        .filter(backend -> backend.availability().usable())
        .flatMap(
            backend ->
                IntStream.range(0, cases.size())
                    .mapToObj(
                        i ->
                            Arguments.of(
                                backend.name(), i, cases.get(i).get("class_name").text())));
  }

  private static Tensor array(String name) {
    return KerasNetwork.tensor(ARRAYS.get("optimizers/" + name));
  }

  @ParameterizedTest(name = "{2}, case {1}, on {0}")
  @MethodSource("cases")
  void weightsAreThoseOfKeras(String backend, int number, String kind) {
    Json spec = INDEX.get("optimizers").items().get(number);
    Optimizer optimizer = KerasParts.part(spec, Optimizer.class);
    if (!spec.get("exclude").items().isEmpty()) {
      optimizer = ((WithOptions<?>) optimizer).excludeFromWeightDecay("bias");
    }
    GivenGradients training =
        new GivenGradients(
            WEIGHTS.stream().map(w -> array(w + "/gradients")).toList(),
            GivenGradients.Weighted.of("kernel", "bias"));
    List<List<Tensor>> history =
        training.train(
            optimizer, WEIGHTS.stream().map(OptimizerParityTest::array).toList(), backend);

    List<Integer> steps = new ArrayList<>();
    INDEX.get("steps").items().forEach(step -> steps.add((int) step.number() - 1));
    steps.add(history.size() - 1);
    for (int w = 0; w < WEIGHTS.size(); w++) {
      Tensor expected = array(number + "/" + WEIGHTS.get(w));
      assertEquals(Shape.of(5), Shape.of(expected.shape().dim(0)));
      for (int row = 0; row < 5; row++) {
        close(
            spec + " " + WEIGHTS.get(w) + " in row " + row,
            expected.rows(row, row + 1).toDoubles(),
            history.get(steps.get(row)).get(w).toDoubles());
      }
    }
  }

  private static void close(String what, double[] expected, double[] actual) {
    double scale = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], TOLERANCE * scale, what + ", element " + i);
    }
  }
}
