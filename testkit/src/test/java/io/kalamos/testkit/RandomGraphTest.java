package io.kalamos.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kalamos.engine.Availability;
import io.kalamos.engine.Backend;
import io.kalamos.engine.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Results and gradients of random graphs over batches that no number of threads divides, beside
/// plain Java in float64.
class RandomGraphTest {
  private static final int GRAPHS = 400;
  private static final double TOLERANCE = 2e-4;

  /// What cancels to nothing in float64 leaves crumbs in float32.
  private static final double SMALLEST_SCALE = 1e-2;

  /// A thread of oneDNN wants 16 samples.
  @ParameterizedTest
  @CsvSource({
    "java, 1, 5",
    "java, 3, 7",
    "onednn, 1, 5",
    "onednn, 1, 1",
    "onednn, 2, 33",
    "onednn, 3, 53"
  })
  void asPlainJavaComputes(String name, int threads, int batch) {
    Backend backend = OpTable.backend(name);
    Availability availability = backend.availability();
    assumeTrue(availability.usable(), availability.details());
    List<String> failures = new ArrayList<>();
    for (int seed = 0; seed < GRAPHS; seed++) {
      OpRow row = RandomGraph.row(seed, batch);
      try {
        compare(row, backend, threads, failures);
      } catch (RuntimeException problem) {
        failures.add(row + ": " + problem);
      }
    }
    assertEquals("", String.join("\n", failures));
  }

  private static void compare(OpRow row, Backend backend, int threads, List<String> failures) {
    Map<String, double[]> expected =
        new OpTrial(row, DType.FLOAT64, DType.FLOAT32).run(OpTable.oracle(), 1);
    Map<String, double[]> received =
        new OpTrial(row, DType.FLOAT32, DType.FLOAT32).run(backend, threads);
    expected.remove("loss");
    for (String value : expected.keySet()) {
      double error = error(expected.get(value), received.get(value));
      if (!(error < TOLERANCE)) {
        failures.add("%s: %s differs by %.1e".formatted(row, value, error));
      }
    }
  }

  private static double error(double[] expected, double[] received) {
    double scale = SMALLEST_SCALE;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      scale = Math.max(scale, Math.abs(expected[i]));
      double here = Math.abs(expected[i] - received[i]);
      difference = here <= difference ? difference : here;
    }
    return difference / scale;
  }
}
