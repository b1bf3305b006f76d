package io.kalamos.plots;

import java.awt.Graphics2D;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.function.Consumer;

/// A drawing of a fixed size in points, ready to be saved.
public final class Picture {
  private final int width;
  private final int height;
  private final Consumer<Graphics2D> drawing;

  Picture(int width, int height, Consumer<Graphics2D> drawing) {
    this.width = width;
    this.height = height;
    this.drawing = drawing;
  }

  /// Writes the picture as its extension says, `.png` (two pixels a point) or `.svg`.
  ///
  /// The file is written beside its place and renamed, so that no half picture is ever seen;
  /// missing folders are made.
  public void save(Path file) {
    var format = format(file);
    var bytes = format.encode(width, height, drawing);
    var folder = file.toAbsolutePath().getParent();
    try {
      Files.createDirectories(folder);
      var beside = folder.resolve(file.getFileName() + ".part");
      try {
        Files.write(beside, bytes);
        Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(beside);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Picture.save: expected a folder that can be written, received file="
              + file
              + " ("
              + e.getClass().getSimpleName()
              + "). Choose another folder, or make room on the disk.",
          e);
    }
  }

  /// The same for a file name.
  public void save(String file) {
    save(Path.of(file));
  }

  private static PictureFormat format(Path file) {
    var name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    for (var format : PictureFormat.values()) {
      if (name.endsWith(format.extension())) {
        return format;
      }
    }
    throw new IllegalArgumentException(
        "Picture.save: expected a file name that ends in .png or .svg, received file="
            + file
            + ". Take .png for screens, .svg for print.");
  }
}
