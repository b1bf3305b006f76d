package io.kalamos.tensorboard;

import io.kalamos.engine.DType;
import io.kalamos.engine.Tensor;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// Pixels as PNG, 8 bits for each of 1 (grey), 2 (grey, alpha), 3 (RGB) or 4 (RGBA) channels.
final class Png {
  /// TensorFlow's: the bytes are cut off, not rounded.
  private static final float SCALE = 255.5f;

  private Png() {}

  /// The image of this number out of a tensor (images, height, width, channels): bytes, or numbers
  /// from 0 to 1, others being cut.
  static byte[] of(Tensor images, int number) {
    int height = images.shape().dim(1);
    int width = images.shape().dim(2);
    int channels = images.shape().dim(3);
    byte[] pixels = pixels(images.rows(number, number + 1));
    int[] offsets = IntStream.range(0, channels).toArray();
    WritableRaster raster =
        Raster.createInterleavedRaster(
            new DataBufferByte(pixels, pixels.length),
            width,
            height,
            width * channels,
            channels,
            offsets,
            null);
    boolean alpha = channels % 2 == 0;
    ComponentColorModel colors =
        new ComponentColorModel(
            ColorSpace.getInstance(channels > 2 ? ColorSpace.CS_sRGB : ColorSpace.CS_GRAY),
            alpha,
            false,
            alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE,
            DataBuffer.TYPE_BYTE);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      if (!ImageIO.write(new BufferedImage(colors, raster, false, null), "png", out)) {
        throw new IllegalStateException("no writer of PNG for " + images);
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException("writing to memory", impossible);
    }
    return bytes.toByteArray();
  }

  private static byte[] pixels(Tensor image) {
    byte[] pixels = new byte[Math.toIntExact(image.size())];
    if (image.dtype() == DType.UINT8) {
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = (byte) image.get(i);
      }
      return pixels;
    }
    float[] values = image.toFloats();
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (int) Math.clamp(values[i] * SCALE, 0f, 255f);
    }
    return pixels;
  }
}
