package io.kalamos.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    var err = folder.resolve("err");
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.awt.headless=true",
                "-cp",
                classPath(),
                "io.kalamos.cli.Main",
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
                folder.resolve("runs").toString())
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(err.toFile())
            .start();
    try {
      for (int i = 0; i < 600 && !Files.readString(err).contains("Epoch 2/"); i++) {
        Thread.sleep(100);
      }
      new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "ended");
      assertEquals(130, process.exitValue(), () -> text(err));
    } finally {
      process.destroyForcibly();
    }
    var best = folder.resolve("runs/mlp-1/best_model.weights");
    var said =
        "Interrupted: 0 of 1 steps are complete; mlp ended after \\d+ of 100000 epochs; its best"
            + " weights are in "
            + Pattern.quote(best.toString())
            + "\\.";
    assertTrue(text(err).lines().anyMatch(line -> line.matches(said)), text(err));
    assertTrue(Files.size(best) > 4 * 141_910);
    assertTrue(text(folder.resolve("out")).contains("MLP "), "the table");
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
