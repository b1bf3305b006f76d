package io.kalamos.fuzz;

import io.kalamos.layers.BatchNormalization;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Input;
import io.kalamos.models.Model;
import io.kalamos.models.Sequential;
import io.kalamos.testkit.Golden;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;

/// Files to start from: golden ones of Keras and NumPy, ones of our own, and what was found.
final class Seeds {
  private static final String CONFIG = "config.json";
  private static final List<String> MODELS = List.of("words", "cnn", "branches");
  private static final List<String> HOSTILE =
      List.of("circle", "compressed-array", "dense-links", "forked-tree", "huge-axis", "texts");
  private static final Path ARRAYS =
      Path.of("../datasets/src/test/resources/io/kalamos/datasets/arrays");

  /// Networks of Keras and PyTorch, small and between them with most operators.
  private static final List<String> NETWORKS =
      List.of(
          "keras-decoder",
          "keras-lab",
          "keras-mobilenet",
          "torch-densenet",
          "torch-mobilenet",
          "torch-sentence",
          "torch-squeeze-excite",
          "torch-two-inputs",
          "torch-unet",
          "torch-vgg",
          "torchscript-densenet",
          "torchscript-sentence",
          "torchscript-squeeze-excite",
          "torchscript-two-inputs",
          "torchscript-unet");

  private static final Path ONNX = Path.of("../onnx/src/test/resources/io/kalamos/onnx/files");

  private Seeds() {}

  /// Writes the seeds of a format.
  static void write(Format format, Path folder) throws IOException {
    switch (format) {
      case KERAS -> {
        for (String name : MODELS) {
          Files.write(folder.resolve(name), golden(name + ".keras"));
          Files.write(folder.resolve("old-" + name), golden("old-" + name + ".keras"));
        }
      }
      case KERAS_CONFIG -> {
        for (String name : MODELS) {
          Files.write(folder.resolve(name), member(golden(name + ".keras"), CONFIG));
          Files.write(
              folder.resolve("old-" + name), member(golden("old-" + name + ".keras"), CONFIG));
        }
      }
      case H5 -> {
        for (String name : MODELS) {
          Files.write(folder.resolve(name), golden(name + ".h5"));
          Files.write(folder.resolve("old-" + name), golden("old-" + name + ".h5"));
        }
      }
      case WEIGHTS_H5 -> {
        for (String name : HOSTILE) {
          Files.write(folder.resolve(name), golden("hostile/" + name + ".h5"));
        }
        Model model = model();
        model.saveWeights(folder.resolve("seed.weights.h5"));
        model.saveWeights(folder.resolve("seed.h5"));
        Files.write(folder.resolve("old-words"), golden("old-words-weights.h5"));
      }
      case OWN_WEIGHTS -> model().saveWeights(folder.resolve("seed.weights"));
      case ONNX -> {
        for (String name : NETWORKS) {
          Files.copy(ONNX.resolve(name + ".onnx"), folder.resolve(name));
        }
      }
      case NPY -> unzip(ARRAYS.resolve("files.zip"), folder);
      case NPZ -> {
        Files.copy(ARRAYS.resolve("packed.npz"), folder.resolve("packed"));
        Files.copy(ARRAYS.resolve("stored.npz"), folder.resolve("stored"));
      }
      case IDX -> {
        Files.write(folder.resolve("labels"), new byte[] {0, 0, 8, 1, 0, 0, 0, 2, 3, 4});
        Files.write(
            folder.resolve("images"), new byte[] {0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 3, 4});
        Files.write(
            folder.resolve("numbers"), new byte[] {0, 0, 13, 1, 0, 0, 0, 1, 63, (byte) 128, 0, 0});
      }
      case IMAGE -> {
        var image = new BufferedImage(5, 3, BufferedImage.TYPE_INT_RGB);
        image.setRGB(2, 1, 0xffaa11);
        for (String kind : List.of("png", "jpg", "bmp", "gif")) {
          ImageIO.write(image, kind, folder.resolve(kind).toFile());
        }
      }
    }
  }

  /// The model that weights are for.
  static Model model() {
    return Sequential.of(Input.of(3), Dense.of(4), BatchNormalization.of(), Dense.of(2))
        .initialize(3);
  }

  /// A `.keras` file of this configuration, with golden weights.
  static byte[] zip(byte[] configuration) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(CONFIG));
      zip.write(configuration);
      zip.putNextEntry(new ZipEntry("model.weights.h5"));
      zip.write(Words.WEIGHTS);
    }
    return bytes.toByteArray();
  }

  private static final class Words {
    static final byte[] WEIGHTS = weights();

    private static byte[] weights() {
      try {
        return member(golden("words.keras"), "model.weights.h5");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// The bytes with their last eight replaced by the checksum of the others.
  static byte[] withChecksum(byte[] file) {
    if (file.length < Long.BYTES) {
      return file;
    }
    int end = file.length - Long.BYTES;
    var crc = new CRC32();
    crc.update(file, 0, end);
    return ByteBuffer.wrap(file.clone()).putLong(end, crc.getValue()).array();
  }

  private static byte[] golden(String name) throws IOException {
    try (InputStream in = Golden.class.getResourceAsStream("golden/files/" + name)) {
      return in.readAllBytes();
    }
  }

  private static byte[] member(byte[] file, String name) throws IOException {
    try (var zip = new ZipInputStream(new ByteArrayInputStream(file), StandardCharsets.UTF_8)) {
      while (!zip.getNextEntry().getName().equals(name)) {}
      return zip.readAllBytes();
    }
  }

  private static void unzip(Path file, Path folder) throws IOException {
    try (var zip = new ZipInputStream(Files.newInputStream(file), StandardCharsets.UTF_8)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Files.write(folder.resolve(entry.getName()), zip.readAllBytes());
      }
    }
  }
}
