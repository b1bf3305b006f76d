package io.kalamos.tensorboard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a process leaves that is killed with signal 9 while it writes.
class KilledWriterTest {
  /// Killed while small records follow each other, and while large ones are on their way.
  @ParameterizedTest
  @ValueSource(ints = {10, 1_000_000, 30_000_000})
  void everythingThatWasWrittenIsThere(int textLength) throws Exception {
    // Below target, so that golden/check.py finds it.
    Path folder = Files.createDirectories(Path.of("target/killed"));
    Path run = Files.createTempDirectory(folder, textLength + "-");
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                KilledWriter.class.getName(),
                run.toString(),
                Integer.toString(textLength))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    int said = -1;
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
      int last = textLength > 1_000_000 ? 3 : 60;
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        said = Integer.parseInt(line);
        if (said == last) {
          Thread.sleep(7);
          writer.toHandle().destroyForcibly(); // unlike the process's, it leaves the pipe open
        }
      }
    }
    assertEquals(128 + 9, writer.waitFor());
    EventReader.Contents contents = EventReader.only(run);
    assertEquals("brain.Event:2", contents.version());
    for (String tag : List.of("figure", "spread", "text")) {
      List<Long> steps = contents.tagged(tag).stream().map(EventReader.Value::step).toList();
      assertTrue(steps.size() > said, tag + " " + steps.size() + " of " + said);
      for (int i = 0; i < steps.size(); i++) {
        assertEquals(i, steps.get(i), tag);
      }
    }
    assertArrayEquals(new double[] {said}, contents.tagged("figure").get(said).numbers());
    assertTrue(contents.tagged("text").getFirst().texts().getFirst().length >= textLength);
  }
}
