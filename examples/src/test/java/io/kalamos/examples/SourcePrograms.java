package io.kalamos.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Compiles and runs source files as a user does: with the modules of Kalamos and nothing else.
final class SourcePrograms {
  /// The folder of this module.
  static final Path FOLDER = Path.of("").toAbsolutePath();

  private static final String MODULES =
      "io.kalamos.datasets,io.kalamos.plots,io.kalamos.tensorboard";

  private SourcePrograms() {}

  /// What a tool of the JDK said and how it ended.
  record Outcome(int code, String output) {}

  /// `java FILE ARGUMENTS`.
  static Outcome run(Path file, String... arguments) throws IOException, InterruptedException {
    return run(List.of(), file, arguments);
  }

  /// `java OPTIONS FILE ARGUMENTS`.
  static Outcome run(List<String> options, Path file, String... arguments)
      throws IOException, InterruptedException {
    var command =
        new ArrayList<>(
            List.of(
                "java",
                "--enable-native-access=io.kalamos.onednn,io.kalamos.kernels",
                "-p",
                modulePath(),
                "--add-modules",
                MODULES));
    command.addAll(options);
    command.add(file.toString());
    command.addAll(List.of(arguments));
    return outcome(command);
  }

  /// `javac FILE`, all warnings being errors.
  static Outcome compile(Path file, Path classes) throws IOException, InterruptedException {
    return outcome(
        List.of(
            "javac",
            "-Xlint:all",
            "-Werror",
            "-p",
            modulePath(),
            "--add-modules",
            MODULES,
            "-d",
            classes.toString(),
            file.toString()));
  }

  private static Outcome outcome(List<String> command) throws IOException, InterruptedException {
    var full = new ArrayList<>(command);
    full.set(0, Path.of(System.getProperty("java.home"), "bin", command.getFirst()).toString());
    var output = Files.createTempFile("kalamos", ".txt");
    try {
      var process =
          new ProcessBuilder(full)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      int code = process.waitFor();
      return new Outcome(code, Files.readString(output));
    } finally {
      Files.delete(output);
    }
  }

  /// What this test's own JVM has, its test classes apart.
  private static String modulePath() {
    var separator = System.getProperty("path.separator");
    return String.join(
        separator,
        Stream.of("jdk.module.path", "java.class.path")
            .map(System::getProperty)
            .filter(path -> path != null && !path.isEmpty())
            .flatMap(path -> Stream.of(path.split(separator)))
            .filter(entry -> !entry.contains("test-classes") && !entry.contains("junit"))
            .filter(entry -> !entry.contains("examples"))
            .toList());
  }
}
