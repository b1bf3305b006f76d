package io.kalamos.datasets;

import io.kalamos.engine.Tensor;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/// Reads pictures (PNG, JPEG, BMP, GIF: told by their bytes, the first image of several). Their
/// size is looked at before anything is unpacked.
public final class ImageFile {
  /// More pixels than any camera's picture has.
  static final long MOST_PIXELS = 1L << 26;

  /// Above so many pixels, a file is to bring a byte for each thousand of them.
  private static final long FREE_PIXELS = 1L << 23;

  private static final long MOST_PIXELS_A_BYTE = 1000;

  private static final String REPLACE = "Replace the file, or leave it out.";

  private ImageFile() {}

  /// Numbers from 0 to 255, row by row, channels last.
  record Pixels(int height, int width, float[] values) {}

  /// A picture as float32 (height, width, channels) from 0 to 255. Keras: `load_img` and
  /// `img_to_array`.
  public static Tensor load(
      Path file, ColorMode mode, int height, int width, Resampling interpolation) {
    Pixels pixels = read(file, mode, REPLACE);
    int channels = mode.channels();
    float[] values =
        interpolation.resize(
            pixels.values(), pixels.height(), pixels.width(), channels, height, width);
    return Tensor.of(values, height, width, channels);
  }

  /// The pictures of a folder and of its folders, by their names' endings, in the order in which
  /// people count. Links are not followed.
  public static List<Path> in(Path folder) throws IOException {
    return ImageFolder.pictures(folder).stream()
        .sorted((one, other) -> ImageFolder.natural(one.toString(), other.toString()))
        .toList();
  }

  /// @param remedy what to do about a file that is no picture
  static Pixels read(Path file, ColorMode mode, String remedy) {
    try (var bytes = Files.newInputStream(file);
        var in = new MemoryCacheImageInputStream(bytes)) {
      return read(file, in, mode, remedy);
    } catch (IOException | RuntimeException e) {
      if (e instanceof MalformedDataException known) {
        throw known;
      }
      throw new MalformedDataException(
          "%s: expected a whole PNG, JPEG, BMP or GIF picture, received %s. %s"
              .formatted(file, e, remedy),
          e);
    }
  }

  private static Pixels read(Path file, ImageInputStream in, ColorMode mode, String remedy)
      throws IOException {
    Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
    if (!readers.hasNext()) {
      throw new MalformedDataException(
          "%s: expected a PNG, JPEG, BMP or GIF picture, received other bytes. %s"
              .formatted(file, remedy));
    }
    ImageReader reader = readers.next();
    try {
      reader.setInput(in, true, true);
      long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
      if (pixels > MOST_PIXELS) {
        throw new MalformedDataException(
            "%s: expected at most %d pixels, received size=%dx%d. %s"
                .formatted(file, MOST_PIXELS, reader.getWidth(0), reader.getHeight(0), remedy));
      }
      long bytes = Files.size(file);
      if (pixels > FREE_PIXELS && pixels / MOST_PIXELS_A_BYTE > bytes) {
        throw new MalformedDataException(
            "%s: expected at most %d pixels for each byte of so large a picture, received size=%dx%d in %d bytes. %s"
                .formatted(
                    file,
                    MOST_PIXELS_A_BYTE,
                    reader.getWidth(0),
                    reader.getHeight(0),
                    bytes,
                    remedy));
      }
      return pixels(reader.read(0), mode);
    } finally {
      reader.dispose();
    }
  }

  private static Pixels pixels(BufferedImage image, ColorMode mode) {
    int width = image.getWidth();
    int height = image.getHeight();
    float[] values = new float[Math.multiplyExact(width * height, mode.channels())];
    boolean gray =
        image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY
            && !(image.getColorModel() instanceof IndexColorModel);
    int[] line = new int[width];
    for (int y = 0, i = 0; y < height; y++) {
      if (gray) {
        grays(image, y, line);
      } else {
        image.getRGB(0, y, width, 1, line, 0, width);
      }
      for (int pixel : line) {
        int red = gray ? pixel : pixel >> 16 & 255;
        int green = gray ? pixel : pixel >> 8 & 255;
        int blue = gray ? pixel : pixel & 255;
        if (mode == ColorMode.RGB) {
          values[i++] = red;
          values[i++] = green;
          values[i++] = blue;
        } else {
          values[i++] = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
        }
      }
    }
    return new Pixels(height, width, values);
  }

  /// The bytes as they are in the file: `getRGB` would take them for linear light.
  private static void grays(BufferedImage image, int y, int[] line) {
    Raster raster = image.getRaster();
    int shift = raster.getTransferType() == DataBuffer.TYPE_USHORT ? 8 : 0;
    for (int x = 0; x < line.length; x++) {
      line[x] = raster.getSample(x, y, 0) >> shift;
    }
  }
}
