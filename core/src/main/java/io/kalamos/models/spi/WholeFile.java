package io.kalamos.models.spi;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Writes a file beside its place and renames it, so that a reader finds the old file or the new
/// one, whole, whatever happens in between.
public final class WholeFile {
  /// What stands in the file.
  @FunctionalInterface
  public interface Content {
    void write(OutputStream out) throws IOException;
  }

  /// A last look at what was written, before it takes its place; an exception keeps it out.
  @FunctionalInterface
  public interface Check {
    void look(Path written) throws IOException;
  }

  private WholeFile() {}

  public static void write(String what, Path file, Content content) throws IOException {
    write(what, file, content, written -> {});
  }

  /// Writes, makes sure that the disk has it, looks at it and renames it.
  ///
  /// @param what the kind of file, for messages: `weights file`
  public static void write(String what, Path file, Content content, Check check)
      throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    Path part = null;
    try {
      try {
        Files.createDirectories(folder);
        part = Files.createTempFile(folder, file.getFileName() + ".", ".part");
        try (FileOutputStream stream = new FileOutputStream(part.toFile())) {
          content.write(stream);
          stream.getFD().sync();
        }
      } catch (IOException problem) {
        throw unwritable(what, file, problem);
      }
      check.look(part);
      try {
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException problem) {
        throw unwritable(what, file, problem);
      }
    } finally {
      if (part != null) {
        Files.deleteIfExists(part);
      }
    }
  }

  private static IOException unwritable(String what, Path file, IOException problem) {
    return new IOException(
        what
            + " "
            + file
            + ": expected a folder with room to write to, received error="
            + problem
            + ". Free space or choose another folder; nothing there was changed.",
        problem);
  }
}
