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

  /// Each thread wants 16 samples: from 32 on there are two, here of 17 and 18.
  @TestFactory
  Stream<DynamicTest> float32OnTwoThreads() {
    return rows(DType.FLOAT32, 2, 35);
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
    return rows(DType.BFLOAT16, 2, 33);
  }

  /// Over so many samples bfloat16 makes some neighbours of a picture equal, of which the pooling
  /// then takes another one than the oracle.
  private static boolean hasTies(OpRow row, DType dtype, int batch) {
    return dtype == DType.BFLOAT16
        && batch > 5
        && row.name().equals("conv2d + bias + relu + max pool");
  }

  private static Stream<DynamicTest> rows(DType dtype, int threads, int batch) {
    return OpTable.rows(batch).stream()
        .filter(row -> !hasTies(row, dtype, batch))
        .map(
            row ->
                dynamicTest(
                    row.name(),
                    () ->
                        JavaOpTableTest.assertPasses(OpTable.check(row, backend, dtype, threads))));
  }
}
