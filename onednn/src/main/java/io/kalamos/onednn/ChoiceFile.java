package io.kalamos.onednn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Which implementation was the fastest for each problem, remembered for this processor and version
/// of the library. Losing the file costs the time of a few trials, never another result.
final class ChoiceFile {
  private static ChoiceFile shared;

  private final Path file;
  private final Map<String, String> names = new TreeMap<>();
  private boolean unwritten;

  ChoiceFile(Path file) {
    this.file = file;
    try {
      for (String line : Files.readAllLines(file)) {
        int tab = line.indexOf('\t');
        if (tab > 0) {
          names.put(line.substring(0, tab), line.substring(tab + 1));
        }
      }
    } catch (IOException | RuntimeException e) {
      names.clear(); // no file yet, or one that is not ours to understand: choose anew
    }
  }

  /// The file of this process.
  static synchronized ChoiceFile shared(Dnnl dnnl) {
    if (shared == null) {
      String name = "choices-" + Platform.VERSION + "-" + Integer.toHexString(processor(dnnl));
      shared = new ChoiceFile(LibraryFolder.cacheHome().resolve("kalamos").resolve(name + ".txt"));
    }
    return shared;
  }

  /// What distinguishes processors: instruction set, model, cores.
  private static int processor(Dnnl dnnl) {
    List<String> marks = new ArrayList<>();
    marks.add(dnnl.isa().toString());
    marks.add(Integer.toString(Runtime.getRuntime().availableProcessors()));
    try {
      for (String line : Files.readAllLines(Path.of("/proc/cpuinfo"))) {
        if (line.startsWith("model") || line.startsWith("stepping")) {
          marks.add(line);
        }
        if (line.isEmpty()) {
          break;
        }
      }
    } catch (IOException e) {
      marks.add(System.getProperty("os.arch"));
    }
    return marks.hashCode();
  }

  synchronized String get(String problem) {
    return names.get(problem);
  }

  synchronized void put(String problem, String name) {
    names.put(problem, name);
    unwritten = true;
  }

  /// Writes what is new, beside the file and then in its place; a folder that cannot be written is
  /// no reason to stop.
  synchronized void save() {
    if (!unwritten) {
      return;
    }
    unwritten = false;
    try {
      Files.createDirectories(file.getParent());
      Path beside = Files.createTempFile(file.getParent(), "choices", ".tmp");
      List<String> lines = new ArrayList<>();
      names.forEach((problem, name) -> lines.add(problem + "\t" + name));
      Files.write(beside, lines);
      Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      unwritten = true;
    }
  }
}
