package io.kalamos.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kalamos.engine.Availability;
import io.kalamos.engine.Backend;
import io.kalamos.engine.DType;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The oneDNN backend against plain Java in float64; skipped, with the reason, where no native
/// library loads.
class OneDnnOpTableTest {
  private static Backend backend;

  @BeforeAll
  static void loadTheLibrary() {
    backend = OpTable.backend("onednn");
    Availability availability = backend.availability();
    assumeTrue(availability.usable(), availability.details());
  }

  @TestFactory
  Stream<DynamicTest> float32() {
    return rows(DType.FLOAT32, 1, 5);
  }

  @TestFactory
  Stream<DynamicTest> float32OnTwoThreads() {
    return rows(DType.FLOAT32, 2, 17);
  }

  @TestFactory
  Stream<DynamicTest> float32OneSampleForTwoThreads() {
    return rows(DType.FLOAT32, 2, 1);
  }

  @TestFactory
  Stream<DynamicTest> bfloat16() {
    return rows(DType.BFLOAT16, 1, 2);
  }

  @TestFactory
  Stream<DynamicTest> bfloat16OnTwoThreads() {
    return rows(DType.BFLOAT16, 2, 5);
  }

  private static Stream<DynamicTest> rows(DType dtype, int threads, int batch) {
    return OpTable.rows(batch).stream()
        .map(
            row ->
                dynamicTest(
                    row.name(),
                    () ->
                        JavaOpTableTest.assertPasses(OpTable.check(row, backend, dtype, threads))));
  }
}
