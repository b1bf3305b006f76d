package io.kalamos.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The programs and links of README.md.
class ReadmeTest {
  private static final Path ROOT = SourcePrograms.FOLDER.getParent();
  private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:]+)\\)");

  @TempDir Path folder;

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md"));
  }

  static List<String> programs() throws IOException {
    var programs = new ArrayList<String>();
    var blocks = BLOCK.matcher(readme());
    while (blocks.find()) {
      programs.add(blocks.group(1));
    }
    return programs;
  }

  @Test
  void hasPrograms() throws IOException {
    assertEquals(5, programs().size());
  }

  @ParameterizedTest
  @MethodSource("programs")
  void programCompiles(String program) throws IOException, InterruptedException {
    var file = Files.writeString(folder.resolve("Program.java"), program);
    var compiled = SourcePrograms.compile(file, folder);
    assertEquals(0, compiled.code(), compiled.output());
    assertEquals("", compiled.output());
  }

  @Test
  void secondProgramRuns() throws IOException, InterruptedException {
    var file = Files.writeString(folder.resolve("Program.java"), programs().get(1));
    var run = SourcePrograms.run(file);
    assertEquals(0, run.code(), run.output());
    assertTrue(run.output().contains("Total params: 119,260"), run.output());
  }

  /// What reads and writes files costs a program nothing that has none.
  @Test
  void programsWithoutFilesLoadNothingForThem() throws IOException, InterruptedException {
    var file = Files.writeString(folder.resolve("Program.java"), programs().get(1));
    var run = SourcePrograms.run(List.of("-Xlog:class+load:stdout"), file);
    assertEquals(0, run.code(), run.output());
    assertTrue(run.output().contains("io.kalamos.models.Model "), "the log names classes");
    assertEquals(
        List.of(),
        run.output()
            .lines()
            .filter(line -> line.contains("com.fasterxml") || line.contains("io.kalamos.saving"))
            .toList());
  }

  /// The README's way with a file: trained, saved as a checkpoint, loaded.
  @Test
  void checkpointsAreLoaded() throws IOException, InterruptedException {
    var program =
        programs()
            .getFirst()
            .replace("epochs(20)", "epochs(1)")
            .replace("Conv2D.of(64, 5).activation(RELU),", "")
            .replace("best.keras", folder.resolve("best.keras").toString())
            .replaceFirst("\\n *Plots.*", "")
            .replace("mnist.train().samples()", "mnist.train().samples().rows(0, 6400)");
    var run = SourcePrograms.run(Files.writeString(folder.resolve("Program.java"), program));
    assertEquals(0, run.code(), run.output());
    var accuracy = Pattern.compile("accuracy: ([0-9.]+)\\s*$").matcher(run.output());
    assertTrue(accuracy.find() && Double.parseDouble(accuracy.group(1)) > 0.6, run.output());
    assertTrue(Files.exists(folder.resolve("best.keras")));
  }

  @Test
  void pipelineTrains() throws IOException, InterruptedException {
    var file = Files.writeString(folder.resolve("Program.java"), programs().get(2));
    var run = SourcePrograms.run(file);
    assertEquals(0, run.code(), run.output());
    var accuracy = Pattern.compile("accuracy[^0-9]*([0-9.]+)\\s*\\S*\\s*$").matcher(run.output());
    assertTrue(accuracy.find() && Double.parseDouble(accuracy.group(1)) > 0.9, run.output());
  }

  @Test
  void linksLeadSomewhere() throws IOException {
    var links = LINK.matcher(readme());
    int found = 0;
    while (links.find()) {
      assertTrue(Files.exists(ROOT.resolve(links.group(1))), links.group(1));
      found++;
    }
    assertTrue(found >= 4, "links");
  }
}
