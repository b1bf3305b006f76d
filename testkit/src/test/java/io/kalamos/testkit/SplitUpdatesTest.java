package io.kalamos.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kalamos.constraints.Constraint;
import io.kalamos.constraints.MaxNorm;
import io.kalamos.constraints.MinMaxNorm;
import io.kalamos.constraints.NonNeg;
import io.kalamos.constraints.UnitNorm;
import io.kalamos.engine.Backend;
import io.kalamos.engine.CounterRandom;
import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.initializers.Zeros;
import io.kalamos.layers.WeightOptions;
import io.kalamos.optimizers.Adam;
import io.kalamos.optimizers.Lamb;
import io.kalamos.optimizers.Optimizer;
import io.kalamos.optimizers.SGD;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Updates whose parts need each other - lengths of vectors, of gradients, of all gradients - while
/// two threads each update a part of a weight: small ones, and so large that arithmetic is cut.
class SplitUpdatesTest {
  private static final int STEPS = 4;

  record Row(Shape kernel, Optimizer optimizer, Constraint constraint) {}

  static Stream<Arguments> rows() {
    List<Row> rows =
        List.of(
            new Row(Shape.of(7, 5), Adam.of(0.1), MaxNorm.of(1)),
            new Row(Shape.of(300, 70), Adam.of(0.1), MaxNorm.of(1)),
            new Row(Shape.of(300, 70), SGD.of(0.1).momentum(0.9), UnitNorm.of()),
            new Row(Shape.of(300, 70), Adam.of(0.1), UnitNorm.of().axis(1)),
            new Row(Shape.of(3, 3, 40, 64), Adam.of(0.1), MaxNorm.of(1).axis(0, 1, 2)),
            new Row(Shape.of(3, 3, 40, 64), Adam.of(0.1), MinMaxNorm.of(1, 2).rate(0.5).axis(3)),
            new Row(Shape.of(300, 70), Adam.of(0.1).globalClipnorm(0.5), NonNeg.of()),
            new Row(Shape.of(300, 70), Adam.of(0.1).clipnorm(0.5), MaxNorm.of(1)),
            new Row(
                Shape.of(300, 70),
                Adam.of(0.1).globalClipnorm(1).useEma(true).gradientAccumulationSteps(2),
                MaxNorm.of(1)),
            new Row(Shape.of(300, 70), Lamb.of(0.1), UnitNorm.of()));
    return Backend.all().stream()
        .filter(backend -> backend.availability().usable())
        .filter(backend -> !backend.name().equals("java"))
        .flatMap(backend -> rows.stream().map(row -> Arguments.of(backend.name(), row)));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void asThePlainBackend(String backend, Row row) {
    List<List<Tensor>> expected = train(row, "java");
    List<List<Tensor>> actual = train(row, backend);
    assertEquals(STEPS + 1, actual.size());
    for (int step = 0; step < actual.size(); step++) {
      for (int weight = 0; weight < 2; weight++) {
        double[] wanted = expected.get(step).get(weight).toDoubles();
        double scale = Arrays.stream(wanted).map(Math::abs).max().orElseThrow();
        assertArrayEquals(
            wanted,
            actual.get(step).get(weight).toDoubles(),
            2e-5 * scale,
            "weight " + weight + " after step " + (step + 1));
      }
    }
    List<List<Tensor>> again = train(row, backend);
    assertArrayEquals(
        actual.getLast().getFirst().toDoubles(), again.getLast().getFirst().toDoubles());
  }

  private static List<List<Tensor>> train(Row row, String backend) {
    WeightOptions kept = WeightOptions.of(Zeros.of()).constraint(row.constraint);
    GivenGradients training =
        new GivenGradients(
            List.of(numbers(row.kernel.prepend(STEPS), 1), numbers(Shape.of(STEPS, 9), 2)),
            GivenGradients.Weighted.of("kernel", "bias").options(0, kept));
    List<Tensor> start = List.of(numbers(row.kernel, 3), numbers(Shape.of(9), 4));
    return training.train(row.optimizer, start, backend);
  }

  private static Tensor numbers(Shape shape, int stream) {
    Tensor tensor = Tensor.zeros(DType.FLOAT32, shape);
    tensor.fill(i -> CounterRandom.normal(5, stream, 0, i));
    return tensor;
  }
}
