package io.kalamos.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kalamos.data.Samples;
import io.kalamos.engine.Backend;
import io.kalamos.engine.DType;
import io.kalamos.engine.Ops;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Input;
import io.kalamos.losses.Loss;
import io.kalamos.models.Compilation;
import io.kalamos.models.Model;
import io.kalamos.models.Sequential;
import io.kalamos.optimizers.SGD;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// A loss that looks at the predictions alone: the targets are given, and nothing reads them.
class UnreadTargetTest {
  private static final Loss SIZE = (target, prediction) -> Ops.sum(Ops.square(prediction), 1);

  @TestFactory
  Stream<DynamicTest> trainsOnEachBackend() {
    return Backend.all().stream()
        .filter(backend -> backend.availability().usable())
        .map(backend -> dynamicTest(backend.name(), () -> shrinks(backend.name())));
  }

  private static void shrinks(String backend) {
    Model model = Sequential.of(Input.of(3), Dense.of(2));
    model.compile(
        Compilation.of(SGD.of(0.05), SIZE).running(run -> run.backend(backend).log(line -> {})));
    Tensor x = Tensor.zeros(DType.FLOAT32, Shape.of(40, 3));
    for (int i = 0; i < x.size(); i++) {
      x.set(i, Math.sin(i));
    }
    Samples samples = Samples.of(x, Tensor.zeros(DType.FLOAT32, Shape.of(40, 2)));
    List<Double> losses = model.fit(samples, fit -> fit.epochs(3).verbose(false)).metric("loss");
    assertTrue(losses.getLast() < losses.getFirst(), losses.toString());
    assertTrue(model.evaluate(samples).loss() < losses.getFirst());
  }
}
