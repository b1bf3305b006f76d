package io.kalamos.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorFunctionTest {
  /// Abramowitz and Stegun, table 7.1; more digits from the C library.
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0.1, 0.1124629160182849",
    "0.5, 0.5204998778130465",
    "1, 0.8427007929497149",
    "1.5, 0.9661051464753108",
    "2, 0.9953222650189527",
    "2.49, 0.9995707121322661",
    "2.51, 0.9996142945182758",
    "3, 0.9999779095030014",
    "4, 0.9999999845827421"
  })
  void matchesTheTable(double x, double erf) {
    assertEquals(erf, ErrorFunction.erf(x), 1e-14);
    assertEquals(-erf, ErrorFunction.erf(-x), 1e-14);
  }

  @Test
  void seriesAndFractionMeet() {
    double below = ErrorFunction.erf(Math.nextDown(2.5));
    assertEquals(below, ErrorFunction.erf(2.5), 1e-14);
  }

  @Test
  void endsAtOne() {
    assertEquals(1, ErrorFunction.erf(Double.POSITIVE_INFINITY));
    assertEquals(-1, ErrorFunction.erf(Double.NEGATIVE_INFINITY));
    assertTrue(Double.isNaN(ErrorFunction.erf(Double.NaN)));
  }
}
