package io.kalamos.onednn;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which implementation was the fastest for each problem, remembered for this processor and version
/// of the library. Losing one costs the time of a few trials, never another result.
///
/// Each problem has a small file: a start reads only what it needs, however much was trained here
/// before, and programs that run at once do not undo each other's work.
final class Choices {
  private static Choices shared;

  private final Path folder;
  private final Map<String, Optional<String>> known = new HashMap<>();

  Choices(Path folder) {
    this.folder = folder;
  }

  /// The choices of this process.
  static synchronized Choices shared(Dnnl dnnl) {
    if (shared == null) {
      String name =
          "choices-"
              + Choice.RULES
              + "-"
              + Platform.VERSION
              + "-"
              + Integer.toHexString(processor(dnnl));
      shared = new Choices(LibraryFolder.cacheHome().resolve("kalamos").resolve(name));
    }
    return shared;
  }

  /// What distinguishes processors: instruction set, model, cores.
  private static int processor(Dnnl dnnl) {
    List<String> marks = new ArrayList<>();
    marks.add(dnnl.isa().toString());
    marks.add(Integer.toString(Runtime.getRuntime().availableProcessors()));
    try (BufferedReader lines = Files.newBufferedReader(Path.of("/proc/cpuinfo"))) {
      String line = lines.readLine();
      while (line != null && !line.isEmpty()) {
        if (line.startsWith("model") || line.startsWith("stepping")) {
          marks.add(line);
        }
        line = lines.readLine();
      }
    } catch (IOException e) {
      marks.add(System.getProperty("os.arch"));
    }
    return marks.hashCode();
  }

  /// The implementation chosen for a problem, now or in an earlier run.
  synchronized Optional<String> get(String problem) {
    return known.computeIfAbsent(problem, this::read);
  }

  /// A file of two lines; one of another problem, or that is not ours to understand, does not
  /// count.
  private Optional<String> read(String problem) {
    try {
      String text = Files.readString(file(problem));
      return text.startsWith(problem + "\n")
          ? Optional.of(text.substring(problem.length() + 1).strip())
          : Optional.empty();
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /// Remembers a choice, written beside its file and then in its place; a folder that cannot be
  /// written is no reason to stop.
  synchronized void put(String problem, String name) {
    known.put(problem, Optional.of(name));
    try {
      Files.createDirectories(folder);
      Path beside = Files.createTempFile(folder, "choice", ".tmp");
      Files.writeString(beside, problem + "\n" + name + "\n");
      Files.move(
          beside,
          file(problem),
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      return; // chosen anew in the next run
    }
  }

  private Path file(String problem) {
    return folder.resolve(Integer.toHexString(problem.hashCode()) + ".txt");
  }
}
