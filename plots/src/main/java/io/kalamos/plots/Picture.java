package io.kalamos.plots;

import io.kalamos.options.Refusal;
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
  private final int dpi;
  private final Consumer<Graphics2D> drawing;

  /// A picture with two pixels a point, enough for dense screens.
  Picture(int width, int height, Consumer<Graphics2D> drawing) {
    this(width, height, 144, drawing);
  }

  private Picture(int width, int height, int dpi, Consumer<Graphics2D> drawing) {
    if (dpi < 36 || dpi > 1200) {
      throw Refusal.of("Picture.dpi", "dpi from 36 to 1200", "dpi", dpi, "Print wants 300.");
    }
    this.width = width;
    this.height = height;
    this.dpi = dpi;
    this.drawing = drawing;
  }

  /// The same picture with so many pixels an inch (72 points) in a `.png`; 144 where nothing is
  /// said.
  public Picture dpi(int dpi) {
    return new Picture(width, height, dpi, drawing);
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  void paint(Graphics2D graphics) {
    PictureFormat.draw(graphics, width, height, drawing);
  }

  /// Writes the picture as its extension says, `.png` or `.svg`.
  ///
  /// The file is written beside its place and renamed, so that no half picture is ever seen;
  /// missing folders are made.
  ///
  /// @throws IllegalStateException where the picture has words and Java finds no font
  public void save(Path file) {
    var format = format(file);
    var bytes = Fonts.needed("Picture.save", () -> format.encode(width, height, dpi, drawing));
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

  static PictureFormat format(Path file) {
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
