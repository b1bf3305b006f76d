package io.kalamos.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Labs 2, 3 and 5 over few images: what they write and say; their accuracies need all of them.
class OtherLabsTest {
  @TempDir Path folder;

  private CommandLineRun run(String lab, String... more) {
    var data = FewDigits.write(folder.resolve("data"), 300, 100);
    var args =
        new ArrayList<>(
            List.of(
                "lab",
                lab,
                "--epochs",
                "1",
                "--data",
                data.toString(),
                "--out",
                folder.resolve("runs").toString()));
    args.addAll(List.of(more));
    var run = CommandLineRun.of(args.toArray(String[]::new));
    assertEquals(0, run.code(), run.err());
    return run;
  }

  private void assertFiles(String run, String... files) {
    for (var file : files) {
      assertTrue(Files.exists(folder.resolve("runs", run, file)), run + "/" + file);
    }
  }

  private static void assertLine(String text, String pattern) {
    assertTrue(text.lines().anyMatch(line -> line.matches(pattern)), pattern + " in\n" + text);
  }

  @Test
  void cnnWeightsSaysWhereTheyAre() {
    var run = run("cnn-weights", "--json");
    var lines = run.lines();
    assertEquals(3, lines.size());
    long[] parameters = {1_185_482, 57_034, 57_770};
    int[] notTrainable = {0, 0, 368};
    for (int i = 0; i < 3; i++) {
      var line = lines.get(i);
      var start = "{\"lab\":\"cnn-weights\",\"step\":\"v%d\",\"params\":%d,\"epochs\":1,";
      assertTrue(line.startsWith(start.formatted(i + 1, parameters[i])), line);
      assertTrue(line.contains("\"not_trainable\":" + notTrainable[i] + ","), line);
      assertTrue(line.contains("\"largest_layer\":\"dense\","), line);
      assertFiles("v" + (i + 1) + "-1", "best_model.weights.h5", "parameters.png", "curves.png");
    }
    assertTrue(lines.getFirst().contains("\"original_val_accuracy\":0.989,"), lines.getFirst());
    assertLine(run.err(), "  dense +1,179,776 +99.5 %  #{40}");
    assertLine(run.err(), "  flatten +0 +0.0 %");
    assertLine(run.err(), "dense holds 99.5 % of the 1,185,482 parameters");
  }

  @Test
  void medianOfSeeds() {
    var run = run("cnn-weights", "--step", "v2", "--seeds", "3");
    assertLine(run.out(), "v2: with pooling +57,034 +1 +90.0 .*");
    assertFiles("v2-3", "best_model.weights.h5");
    assertLine(run.err(), "v2: seed 2");
    assertLine(
        run.out(), "v2: .*v2-3/best_model.weights.h5, curves.png, curves.svg, parameters.png");
  }

  @Test
  void mnist99ReadsRecordsAndDraws() {
    var run = run("mnist-99", "--step", "decay", "--seeds", "2", "--backend", "java");
    assertLine(
        run.out(),
        "Input: .*records.* > cache > shuffle\\(5000\\) > repeat > batch\\(128\\) >"
            + " prefetch\\(2\\)");
    assertLine(
        run.out(), "4 learning rate decay +169,670 +1 +[\\d.]+ +0.\\d+ +0.9800 +.*0.977 +no");
    assertFiles(
        "decay-2",
        "best_model.weights",
        "learning-rate.png",
        "curves.png",
        "predictions.png",
        "confusion.png");
    assertLine(run.err(), "  val_accuracy +\\S+ +0\\.\\d+");
  }

  @Test
  void ensembleAveragesItsNetworks() {
    var run = run("mnist-99", "--step", "7", "--json");
    assertEquals(1, run.lines().size());
    var line = run.lines().getFirst();
    assertTrue(line.startsWith("{\"lab\":\"mnist-99\",\"step\":\"cnn-pooled\""), line);
    var own = run("mnist-99", "--step", "ensemble", "--json").lines().getFirst();
    assertTrue(own.matches(".*\"networks\":\\[[\\d.]+(,[\\d.]+)+].*\"floor\":0.997.*"), own);
    assertFiles("ensemble-1", "best_model.weights", "best_model_1.weights", "curves.svg");
  }

  @Test
  void neuronsAreCountedAndLogged() {
    var run = run("how-many-neurons", "--step", "two", "--epochs", "5");
    assertLine(run.err(), "Epoch 5: loss [\\d.]+, accuracy [\\d.]+, val_loss .*, val_accuracy .*");
    assertLine(run.out(), "2 neurons +1,600 +5 +0.\\d+ +0.7141 .*0.614 +(yes|no)");
    assertFiles("two-1", "last.weights", "curves.png");
  }

  @Test
  void sweepAnswers() {
    var lines = run("how-many-neurons", "--step", "sweep", "--seeds", "2", "--json").lines();
    assertEquals(18, lines.size());
    assertTrue(
        lines.getFirst().startsWith("{\"lab\":\"how-many-neurons\",\"step\":\"neurons-1\","),
        lines.getFirst());
    assertTrue(lines.getFirst().contains("\"neurons\":1,\"accuracy\":0."), lines.getFirst());
    assertTrue(lines.get(15).contains("\"params\":50890,"), lines.get(15));
    assertTrue(lines.get(16).contains("\"step\":\"answer-0.90\""), lines.get(16));
    assertTrue(lines.get(17).contains("\"floor\":0.95,\"reached\":\"no\""), lines.get(17));
    assertFiles("sweep-1", "sweep.png", "sweep.svg", "neurons-64-seed-1.weights");
  }
}
