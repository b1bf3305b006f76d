package io.kalamos.cli;

import io.kalamos.datasets.LabeledImages;
import io.kalamos.datasets.Mnist;
import io.kalamos.engine.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/// The first images of MNIST as IDX files, for tests that should not take long.
final class FewDigits {
  private FewDigits() {}

  /// Writes the four files into the folder.
  static Path write(Path folder, int train, int test) {
    try {
      var mnist = Mnist.load();
      Files.createDirectories(folder);
      write(folder.resolve("train-"), mnist.train(), train);
      write(folder.resolve("t10k-"), mnist.test(), test);
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(Path prefix, LabeledImages all, int count) throws IOException {
    write(Path.of(prefix + "images-idx3-ubyte"), all.images().rows(0, count));
    write(Path.of(prefix + "labels-idx1-ubyte"), all.labels().rows(0, count));
  }

  private static void write(Path file, Tensor bytes) throws IOException {
    int rank = bytes.shape().rank();
    var buffer = ByteBuffer.allocate(Math.toIntExact(4 + 4 * rank + bytes.size()));
    buffer.putInt(0x0800 | rank);
    for (int axis = 0; axis < rank; axis++) {
      buffer.putInt(bytes.shape().dim(axis));
    }
    buffer.put(bytes.memory().asSlice(0, bytes.size()).toArray(ValueLayout.JAVA_BYTE));
    Files.write(file, buffer.array());
  }
}
