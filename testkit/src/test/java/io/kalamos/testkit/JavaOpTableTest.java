package io.kalamos.testkit;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.kalamos.engine.DType;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The plain Java backend against its own float64, which numeric differentiation vouches for.
class JavaOpTableTest {
  @TestFactory
  Stream<DynamicTest> gradientsAreSlopes() {
    return OpTable.rows(3).stream()
        .filter(OpRow::smooth)
        .map(row -> dynamicTest(row.name(), () -> assertPasses(OpTable.checkGradients(row))));
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
  Stream<DynamicTest> bfloat16() {
    return rows(DType.BFLOAT16, 2, 5);
  }

  @TestFactory
  Stream<DynamicTest> float64OnTwoThreads() {
    return rows(DType.FLOAT64, 2, 2);
  }

  private static Stream<DynamicTest> rows(DType dtype, int threads, int batch) {
    return OpTable.rows(batch).stream()
        .map(
            row ->
                dynamicTest(
                    row.name(),
                    () -> assertPasses(OpTable.check(row, OpTable.oracle(), dtype, threads))));
  }

  static void assertPasses(OpTable.Result result) {
    assertTrue(result.passed(), result::toString);
  }
}
