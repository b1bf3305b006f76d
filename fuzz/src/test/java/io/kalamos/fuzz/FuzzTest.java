package io.kalamos.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The readers of files from outside meet what Jazzer makes of good files: each in a virtual
/// machine of its own with 512 MB of heap, for `fuzz.seconds`; an input that takes 20 seconds is a
/// finding.
///
/// A finding stays as `finding-*` in `target/fuzz/FORMAT`. Once mended, it goes, as small as it can
/// be, to `findings/FORMAT` of the test resources, and is read here in every run. What was reached
/// stays in `target/fuzz/FORMAT/corpus`, and a longer run goes on from there.
class FuzzTest {
  static final int SECONDS = Integer.getInteger("fuzz.seconds", 2);
  private static final String READERS =
      "io.kalamos.saving.**:io.kalamos.onnx.**:io.kalamos.datasets.**:io.kalamos.models.WeightsFile";
  private static final Pattern DONE = Pattern.compile("Done (\\d+) runs in (\\d+) second");

  @ParameterizedTest
  @EnumSource
  void whatWasFoundIsReadOrRefused(Format format, @TempDir Path folder) throws Exception {
    for (Path finding : findings(format)) {
      format.check(folder, Files.readAllBytes(finding));
    }
  }

  /// The fuzzer would learn nothing from a reader that refuses everything.
  @ParameterizedTest
  @EnumSource
  void goodFilesAreRead(Format format, @TempDir Path folder, @TempDir Path seeds) throws Exception {
    Seeds.write(format, seeds);
    int read = 0;
    for (Path seed : files(seeds)) {
      read += format.check(folder, Files.readAllBytes(seed)) ? 1 : 0;
    }
    assertTrue(read > 0);
  }

  @ParameterizedTest
  @EnumSource
  void anyBytesAreReadOrRefused(Format format, @TempDir Path seeds) throws Exception {
    Seeds.write(format, seeds);
    for (Path finding : findings(format)) {
      Files.copy(finding, seeds.resolve(finding.getFileName()));
    }
    Path folder = Path.of(System.getProperty("fuzz.folder", "target/fuzz")).toAbsolutePath();
    Path work = folder.resolve(format.name().toLowerCase(Locale.ROOT));
    Files.createDirectories(work.resolve("corpus"));
    Path log = work.resolve("log");
    Process process =
        new ProcessBuilder(command(format, seeds))
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    int code = process.waitFor();
    List<String> lines = Files.readAllLines(log);
    String end = String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    assertEquals(0, code, () -> format + ", all of it in " + log + ":\n" + end);
    MatchResult done = DONE.matcher(end).results().findFirst().orElseThrow();
    IO.println("%s: %s inputs in %s seconds".formatted(format, done.group(1), done.group(2)));
    assertTrue(Long.parseLong(done.group(1)) > 10, end);
  }

  private static List<String> command(Format format, Path seeds) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx512m",
        "-XX:+UseParallelGC",
        "-XX:+EnableDynamicAgentLoading",
        "-XX:-OmitStackTraceInFastThrow",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-Djava.awt.headless=true",
        "-cp",
        classPath(),
        "com.code_intelligence.jazzer.Jazzer",
        "--target_class=" + OneInput.class.getName(),
        "--target_args=" + format + " " + seeds,
        "--instrumentation_includes=" + READERS,
        "--custom_hook_includes=" + READERS,
        "--reproducer_path=.",
        "-artifact_prefix=finding-",
        "-max_total_time=" + SECONDS,
        "-timeout=20",
        "-seed=1",
        "-len_control=0",
        "corpus",
        seeds.toString());
  }

  /// With absolute paths: the other machine runs in a folder of its own.
  private static String classPath() {
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return String.join(
        File.pathSeparator,
        Arrays.stream(path.split(File.pathSeparator))
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .toList());
  }

  private static List<Path> findings(Format format) throws IOException, URISyntaxException {
    Path folder =
        Path.of(FuzzTest.class.getResource("findings").toURI())
            .resolve(format.name().toLowerCase(Locale.ROOT));
    return Files.isDirectory(folder) ? files(folder) : List.of();
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
