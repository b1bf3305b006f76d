package io.kalamos.models.spi;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
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
        part = folder.resolve(file.getFileName() + "." + unique() + ".part");
        try (FileChannel channel = FileChannel.open(part, CREATE_NEW, WRITE)) {
          content.write(Channels.newOutputStream(channel));
          channel.force(true);
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

  /// A name that nobody else takes at the same time. A temporary file of Java's own would belong to
  /// its user alone, and so would what it becomes.
  private static String unique() {
    return Long.toString(ProcessHandle.current().pid(), 36)
        + Long.toString(System.nanoTime() & Long.MAX_VALUE, 36);
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
