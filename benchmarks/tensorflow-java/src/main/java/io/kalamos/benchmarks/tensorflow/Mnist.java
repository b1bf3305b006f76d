package io.kalamos.benchmarks.tensorflow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/// One part of MNIST: pixels / 255 in rows of 784, and labels.
record Mnist(float[] pixels, int[] labels) {

  static Mnist read(Path folder, String part) throws IOException {
    var images = bytes(folder.resolve(part + "-images-idx3-ubyte.gz"));
    var classes = bytes(folder.resolve(part + "-labels-idx1-ubyte.gz"));
    var pixels = new float[images.length - 16];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (images[16 + i] & 0xff) / 255f;
    }
    var labels = new int[classes.length - 8];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = classes[8 + i];
    }
    return new Mnist(pixels, labels);
  }

  int size() {
    return labels.length;
  }

  private static byte[] bytes(Path file) throws IOException {
    try (var in = new GZIPInputStream(Files.newInputStream(file), 1 << 16)) {
      return in.readAllBytes();
    }
  }
}
