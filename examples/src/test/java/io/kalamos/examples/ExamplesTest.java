package io.kalamos.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExamplesTest {
  @TempDir Path folder;

  static List<Path> examples() throws IOException {
    try (var files = Files.list(SourcePrograms.FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }

  @Test
  void areSeven() throws IOException {
    assertEquals(
        List.of(
            "CnnWeights.java",
            "HowManyNeurons.java",
            "Mnist99.java",
            "MnistCnn.java",
            "MnistLinear.java",
            "MnistMlp.java",
            "MnistRaw.java"),
        examples().stream().map(file -> file.getFileName().toString()).toList());
  }

  @ParameterizedTest
  @MethodSource("examples")
  void compilesAndIsShort(Path example) throws IOException, InterruptedException {
    var compiled = SourcePrograms.compile(example, folder);
    assertEquals(0, compiled.code(), compiled.output());
    assertEquals("", compiled.output());
    assertTrue(Files.readAllLines(example).size() <= 60, "at most 60 lines");
  }

  @Test
  void reachesItsTarget() throws IOException, InterruptedException {
    var run = SourcePrograms.run(SourcePrograms.FOLDER.resolve("MnistLinear.java"));
    assertEquals(0, run.code(), run.output());
    assertTrue(run.output().contains("target 0.9200"), run.output());
  }

  @Test
  void failsBelowItsTarget() throws IOException, InterruptedException {
    var run = SourcePrograms.run(SourcePrograms.FOLDER.resolve("MnistLinear.java"), "1");
    assertEquals(1, run.code(), run.output());
    assertTrue(run.output().contains("target 0.9200"), run.output());
  }
}
