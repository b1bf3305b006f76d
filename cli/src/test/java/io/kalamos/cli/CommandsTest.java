package io.kalamos.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandsTest {
  @ParameterizedTest
  @ValueSource(strings = {"--help", "-h", "help"})
  void helpListsTheCommands(String word) {
    var run = CommandLineRun.of(word);
    assertEquals(0, run.code());
    for (var command :
        List.of(
            "fit",
            "evaluate",
            "predict",
            "summary",
            "plot",
            "convert",
            "scan",
            "lab",
            "bench",
            "doctor")) {
      assertTrue(run.out().contains("\n  " + command + " "), run.out());
    }
    assertEquals("", run.err());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fit",
        "evaluate",
        "predict",
        "summary",
        "plot",
        "convert",
        "scan",
        "lab",
        "bench",
        "doctor"
      })
  void eachCommandExplainsItself(String command) {
    var run = CommandLineRun.of(command, "--help");
    assertEquals(0, run.code());
    assertTrue(run.out().contains("Usage: ./kalamos " + command), run.out());
    assertTrue(run.out().contains("--json"), run.out());
  }

  @Test
  void versionIsThatOfTheBuild() {
    var run = CommandLineRun.of("--version");
    assertEquals(0, run.code());
    assertTrue(run.out().matches("kalamos \\d+\\.\\d+\\.\\d+\\S*, Java 2\\d\\S*\\s*"), run.out());
  }

  @Test
  void labsAreListed() {
    var run = CommandLineRun.of("lab");
    assertEquals(0, run.code());
    assertEquals(
        List.of(
            "mnist-ladder: from a linear classifier to a convolutional network, step by step"
                + " (linear-raw, linear, mlp, mlp-l2, mlp-dropout, cnn)",
            "cnn-weights: where the parameters of a convolutional network are (v1, v2, v3)",
            "mnist-99: from 90 % to 99.5 % and beyond, step by step (softmax, sigmoid, relu-adam,"
                + " decay, dropout, cnn, cnn-pooled, cnn-dropout, cnn-bn, ensemble)",
            "how-many-neurons: how many hidden neurons reach 0.90 and 0.95 (softmax, one, two,"
                + " three, sweep)"),
        run.lines());
    assertEquals(
        "{\"lab\":\"mnist-ladder\",\"summary\":\"from a linear classifier to a convolutional"
            + " network, step by step\",\"steps\":[\"linear-raw\",\"linear\",\"mlp\",\"mlp-l2\","
            + "\"mlp-dropout\",\"cnn\"]}",
        CommandLineRun.of("lab", "--json").lines().getFirst());
  }

  @Test
  void doctorFindsBackendsAndData() {
    var run = CommandLineRun.of("doctor", "--json");
    var lines = run.lines();
    assertTrue(
        lines.contains(
            "{\"name\":\"MNIST\",\"found\":\"60,000 training and 10,000 test images\","
                + "\"advice\":null}"),
        run.out());
    assertTrue(
        lines.stream().anyMatch(line -> line.startsWith("{\"name\":\"backend\",\"found\":\"java")),
        run.out());
    boolean complete = lines.stream().allMatch(line -> line.endsWith("\"advice\":null}"));
    assertEquals(complete ? 0 : 1, run.code());
    assertEquals("", run.err());
  }

  @Test
  void jsonEscapes() {
    assertEquals(
        "{\"a\\\"b\":[1,2.5,null,true,\"c\\\\\\n\\u0001\"]}",
        Json.of(Map.of("a\"b", Arrays.asList(1, 2.5, Double.NaN, true, "c\\\n\u0001"))));
  }
}
