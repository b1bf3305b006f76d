package io.kalamos.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The programs of docs/own-parts.md compile without a warning and say what they should.
class OwnPartsTest {
  private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final List<String> SAID =
      List.of(
          "[scale/factor, dense/kernel, dense/bias]",
          "fits",
          "0.75",
          "fits",
          "stopped",
          "apart\n[loss, together]",
          "makes what is real",
          "Times[name=Optional[times], factor=3.0]");

  @TempDir Path folder;

  private static List<String> blocks() throws IOException {
    var page = SourcePrograms.FOLDER.getParent().resolve("docs/own-parts.md");
    var blocks = new ArrayList<String>();
    var found = BLOCK.matcher(Files.readString(page));
    while (found.find()) {
      blocks.add(found.group(1));
    }
    return blocks;
  }

  static Stream<Arguments> programs() throws IOException {
    var blocks = blocks();
    return IntStream.range(0, SAID.size()).mapToObj(i -> Arguments.of(blocks.get(i), SAID.get(i)));
  }

  @Test
  void allOfThem() throws IOException {
    assertEquals(SAID.size(), blocks().size());
  }

  @ParameterizedTest
  @MethodSource("programs")
  void programSays(String program, String said) throws IOException, InterruptedException {
    var file = Files.writeString(folder.resolve("Program.java"), program);
    var compiled = SourcePrograms.compile(file, folder);
    assertEquals("", compiled.output());
    var run = SourcePrograms.run(file);
    assertEquals(said, run.output().strip());
    assertEquals(0, run.code());
  }
}
