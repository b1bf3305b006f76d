package io.kalamos.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.labs.Labs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Lab 1 over few images: what it writes and says; its accuracies need all of them.
class LabTest {
  @TempDir Path folder;

  private CommandLineRun run(String... more) {
    var data = FewDigits.write(folder.resolve("data"), 300, 100);
    var args =
        new ArrayList<>(
            List.of(
                "lab",
                "mnist-ladder",
                "--backend",
                "java",
                "--data",
                data.toString(),
                "--out",
                folder.resolve("runs").toString()));
    args.addAll(List.of(more));
    return CommandLineRun.of(args.toArray(String[]::new));
  }

  @Test
  void allStepsInOrderAsJson() {
    var run = run("--epochs", "2", "--json");
    assertEquals(0, run.code(), run.err());
    var lines = run.lines();
    assertEquals(6, lines.size());
    long[] parameters = {7_850, 7_850, 141_910, 141_910, 141_910, 1_190_346};
    for (int i = 0; i < 6; i++) {
      var name = Labs.all().getFirst().steps().get(i).name();
      var start =
          "{\"lab\":\"mnist-ladder\",\"step\":\"%s\",\"params\":%d,\"epochs\":2,"
              .formatted(name, parameters[i]);
      assertTrue(lines.get(i).startsWith(start), lines.get(i));
      for (var file : List.of("best_model.h5", "curves.png", "curves.svg")) {
        assertTrue(Files.exists(folder.resolve("runs", name + "-1", file)), name + " " + file);
      }
      for (var log : List.of("train", "validation")) {
        var events = folder.resolve("runs", name + "-1", log).toFile().list();
        assertEquals(1, events.length, name + " " + log);
        assertTrue(events[0].startsWith("events.out.tfevents."), events[0]);
      }
    }
    assertTrue(run.err().contains("Total params: 1,190,346"), run.err());
  }

  @Test
  void tableAndFoldersOfOneStep() {
    var first = run("--epochs", "1", "--step", "mlp");
    var second = run("--epochs", "1", "--step", "3");
    var dropout = run("--epochs", "1", "--dropout");
    assertTrue(first.out().contains("The first image, label 5:"), first.out());
    assertTrue(
        first
            .out()
            .contains("  0 0 0 0 0 1 0 0 0 0\n  1 0 0 0 0 0 0 0 0 0\n  0 0 0 0 1 0 0 0 0 0\n"),
        first.out());
    assertTrue(
        first
            .out()
            .lines()
            .anyMatch(line -> line.matches("MLP +141,910 +1 +.*- / 0.106 .*- / 0.9725 +0.970 +no")),
        first.out());
    assertTrue(first.out().contains("mlp-1/best_model.h5"), first.out());
    assertTrue(second.out().contains("mlp-2/best_model.h5"), second.out());
    assertTrue(dropout.out().contains("mlp-dropout-1/best_model.h5"), dropout.out());
    assertTrue(Files.exists(folder.resolve("runs/first-images.png")));
    assertFalse(Files.exists(folder.resolve("runs/mlp-1/last.weights")));
  }

  @Test
  void seedsRepeat() {
    var options = new String[] {"--epochs", "1", "--step", "linear", "--json", "--seed", "7"};
    assertEquals(figures(run(options)), figures(run(options)));
  }

  private static String figures(CommandLineRun run) {
    return run.out().replaceAll("\"seconds\":[^,]*,", "").replaceAll("\"folder\".*", "");
  }
}
