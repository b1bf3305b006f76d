package io.kalamos.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A new folder for each run, `<out>/<run>-<n>` with the first free n.
final class RunFolder {
  private RunFolder() {}

  /// Makes sure that folders can be made in `out`, before anything is trained.
  static void check(Path out) {
    try {
      Files.createDirectories(out);
      Files.delete(Files.createTempFile(out, "kalamos", ".part"));
    } catch (IOException e) {
      throw new UsageException(
          "--out: expected a folder that can be written, received --out="
              + out
              + " ("
              + e.getClass().getSimpleName()
              + "). Choose another folder.");
    }
  }

  static Path create(Path out, String run) throws IOException {
    for (int n = 1; ; n++) {
      try {
        return Files.createDirectory(out.resolve(run + "-" + n));
      } catch (FileAlreadyExistsException _) {
        // Somebody has this number; the next one may be free.
      }
    }
  }
}
