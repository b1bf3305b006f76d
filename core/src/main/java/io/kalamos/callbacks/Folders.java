package io.kalamos.callbacks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Whether files can be written, found out before they must be.
public final class Folders {
  private Folders() {}

  /// Creates a folder and writes a file there for a moment.
  ///
  /// @throws UncheckedIOException where that fails
  public static void prepare(String where, Path folder) {
    try {
      Files.createDirectories(folder);
      Files.delete(Files.createTempFile(folder, ".kalamos", null));
    } catch (IOException e) {
      throw unwritable(where, "a folder that can be written", "folder", folder, e);
    }
  }

  /// The error for a file or folder that cannot be written.
  public static UncheckedIOException unwritable(
      String where, String expected, String name, Path path, IOException cause) {
    return new UncheckedIOException(
        where
            + ": expected "
            + expected
            + ", received "
            + name
            + "="
            + path
            + " ("
            + reason(cause)
            + "). Choose another place, or change its permissions or the space left.",
        cause);
  }

  private static String reason(IOException cause) {
    return switch (cause) {
      case AccessDeniedException _ -> "permission denied";
      case FileAlreadyExistsException e -> e.getFile() + " is a file";
      case java.nio.file.FileSystemException e when e.getReason() != null -> e.getReason();
      default -> String.valueOf(cause.getMessage());
    };
  }
}
