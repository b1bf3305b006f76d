package io.kalamos.plots;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AxisTest {
  @Test
  void linearTicksAreRound() {
    var axis = Axis.linear("", 0.17, 1.03);
    assertEquals(List.of(0.2, 0.4, 0.6, 0.8, 1.0), axis.ticks(7));
    assertEquals("1.0", axis.label(1, 7));
    assertEquals(List.of(0.0, 2000.0, 4000.0), Axis.linear("", 0, 4500).ticks(4));
    assertEquals("2,000", Axis.linear("", 0, 4500).label(2000, 4));
  }

  @Test
  void fewDecadesHaveTicksBetween() {
    assertEquals(
        List.of(1000.0, 2000.0, 5000.0, 10000.0), Axis.logarithmic("", 700, 10000).ticks(9));
    assertEquals(List.of(1e-6, 1e-4, 1e-2, 1.0), Axis.logarithmic("", 1e-6, 1).ticks(3));
    assertEquals(List.of(20.0, 25.0, 30.0), Axis.logarithmic("", 19, 31).ticks(4));
    assertEquals(0.5, Axis.logarithmic("", 1, 100).place(10));
  }

  @Test
  void oneValueStandsInTheMiddle() {
    assertEquals(0.5, Axis.linear("", 3, 3).place(3));
    assertEquals(0.5, Axis.logarithmic("", 3, 3).place(3));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ':',
      value = {
        "0:0",
        "0.001:0.001",
        "0.0001:0.0001",
        "0.00005:5e-5",
        "1.2345e-7:1.23e-7",
        "25:25",
        "0.95:0.95",
        "12344:12,340",
        "12000000:1.2e7",
        "-0.5:-0.5"
      })
  void numbers(double value, String text) {
    assertEquals(text, Axis.number(value));
  }
}
