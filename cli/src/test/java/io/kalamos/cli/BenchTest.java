package io.kalamos.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BenchTest {
  private static final Pattern FIGURES =
      Pattern.compile(
          "\\{\"net\":\"linear\",\"precision\":\"float32\",\"batch\":128,\"params\":7850,"
              + "\"epochs_s\":\\[[\\d.]+,[\\d.]+],\"accuracy\":([\\d.]+),"
              + "\"first_epoch_s\":[\\d.]+,\"rss_mb\":\\d+,"
              + "\"evaluate_s\":[\\d.E-]+,\"predict_s\":[\\d.E-]+}");

  @Test
  void linearOverAllOfMnist() {
    var run = CommandLineRun.of("bench", "linear", "--epochs", "2", "--json");
    assertEquals(0, run.code(), run.err());
    var figures = FIGURES.matcher(run.out().strip());
    assertTrue(figures.matches(), run.out());
    assertTrue(Double.parseDouble(figures.group(1)) > 0.90, run.out());
  }

  @ParameterizedTest
  @EnumSource
  void parametersAreExact(StandardNetwork network) {
    try (var model = network.model(0)) {
      assertEquals(network.parameters(), model.countParams());
    }
  }
}
