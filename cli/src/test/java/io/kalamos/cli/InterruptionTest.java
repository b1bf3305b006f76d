package io.kalamos.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.losses.Losses;
import io.kalamos.models.Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class InterruptionTest {
  @TempDir Path folder;

  /// A JVM of its own gets the signal of Ctrl-C in its second epoch.
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void ctrlCKeepsTheBestWeights() throws IOException, InterruptedException {
    var data = FewDigits.write(folder.resolve("data"), 300, 100);
    interrupt(
        "lab",
        "mnist-ladder",
        "--backend",
        "java",
        "--step",
        "mlp",
        "--epochs",
        "100000",
        "--data",
        data.toString(),
        "--out",
        folder.resolve("runs").toString());
    var best = folder.resolve("runs/mlp-1/best_model.h5");
    var said =
        "Interrupted: 0 of 1 steps are complete; mlp ended after \\d+ of 100000 epochs; its best"
            + " weights are in "
            + Pattern.quote(best.toString())
            + "\\.";
    assertTrue(err().lines().anyMatch(line -> line.matches(said)), err());
    assertTrue(Files.size(best) > 4 * 141_910);
    assertTrue(text(folder.resolve("out")).contains("MLP "), "the table");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void ctrlCSavesWhatFitTrained() throws IOException, InterruptedException {
    var files = new SavedModels(folder);
    var model = files.linear(Losses.SPARSE_CATEGORICAL_CROSSENTROPY);
    var untrained = Files.readAllBytes(model);
    interrupt(
        "fit",
        model.toString(),
        "--input",
        files.x(300).toString(),
        "--target",
        files.y(300).toString(),
        "--epochs",
        "100000",
        "--json");
    var said =
        "Interrupted in epoch \\d+ of 100000; what was trained until then is in "
            + Pattern.quote(model.toString())
            + "\\.";
    assertTrue(err().lines().anyMatch(line -> line.matches(said)), err());
    assertArrayEquals(untrained, Files.readAllBytes(folder.resolve("linear.before.keras")));
    var last = text(folder.resolve("out")).lines().reduce((_, line) -> line).orElseThrow();
    assertTrue(last.matches("\\{\"output\":\".*\",\"epochs\":\\d+,\"interrupted\":true}"), last);
    try (var trained = Model.load(model)) {
      assertTrue(trained.optimizerState().iterations() > 10, "it was trained");
    }
  }

  /// Runs a command line until its second epoch, and ends it as Ctrl-C does.
  private void interrupt(String... args) throws IOException, InterruptedException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.awt.headless=true",
                "-cp",
                classPath(),
                "io.kalamos.cli.Main"));
    command.addAll(List.of(args));
    var process =
        new ProcessBuilder(command)
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("err").toFile())
            .start();
    try {
      for (int i = 0; i < 600 && !err().contains("Epoch 2/"); i++) {
        Thread.sleep(100);
      }
      new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "ended");
      assertEquals(130, process.exitValue(), this::err);
    } finally {
      process.destroyForcibly();
    }
  }

  private String err() {
    return text(folder.resolve("err"));
  }

  private static String classPath() {
    return Stream.of("jdk.module.path", "java.class.path")
        .map(System::getProperty)
        .filter(path -> path != null && !path.isEmpty())
        .collect(Collectors.joining(System.getProperty("path.separator")));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
