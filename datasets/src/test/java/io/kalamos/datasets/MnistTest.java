package io.kalamos.datasets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kalamos.engine.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MnistTest {
  private static final String TWO_IMAGES = "00000803 00000002 00000001 00000002 01020304";
  private static final String TWO_LABELS = "00000801 00000002 0500";
  private static final String ONE_LABEL = "00000801 00000001 05";

  @TempDir Path folder;

  @Test
  void loadsTheEmbeddedFiles() {
    var mnist = Mnist.load();
    assertEquals("uint8(60000, 28, 28)", mnist.train().images().toString());
    assertEquals("uint8(60000,)", mnist.train().labels().toString());
    assertEquals("uint8(10000, 28, 28)", mnist.test().images().toString());
    assertEquals(10_000, mnist.test().count());
    assertArrayEquals(new double[] {5, 0, 4, 1, 9}, mnist.train().labels().rows(0, 5).toDoubles());
    assertArrayEquals(
        new int[] {5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949},
        countOfEachDigit(mnist.train().labels()));
    assertArrayEquals(
        new int[] {980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009},
        countOfEachDigit(mnist.test().labels()));
    assertEquals(33.3184, mean(mnist.train().images().rows(0, 60_000)), 5e-5);
    assertEquals(33.7912, mean(mnist.test().images()), 5e-5);
  }

  @Test
  void loadsAFolderWhateverTheNames() throws IOException {
    write("train-images-idx3-ubyte", TWO_IMAGES);
    write("train-labels.idx1-ubyte", TWO_LABELS);
    Files.write(folder.resolve("t10k-images.idx3-ubyte.gz"), IdxTest.gzip(bytes(TWO_IMAGES)));
    Files.write(folder.resolve("t10k-labels-idx1-ubyte.gz"), IdxTest.gzip(bytes(TWO_LABELS)));
    var mnist = Mnist.load(folder);
    assertArrayEquals(new double[] {1, 2, 3, 4}, mnist.test().images().toDoubles());
    assertArrayEquals(new double[] {5, 0}, mnist.train().labels().toDoubles());
  }

  @Test
  void saysWhichFileIsMissing() throws IOException {
    write("train-images-idx3-ubyte", TWO_IMAGES);
    var error = assertThrows(MalformedDataException.class, () -> Mnist.load(folder));
    assertEquals(
        "Mnist.load: expected one of [train-labels-idx1-ubyte, train-labels-idx1-ubyte.gz,"
            + " train-labels.idx1-ubyte, train-labels.idx1-ubyte.gz], received folder="
            + folder
            + ", which has none of them. Put the four files there, or use Mnist.load() for the"
            + " embedded ones.",
        error.getMessage());
  }

  @Test
  void refusesImagesAndLabelsOfDifferentNumbers() throws IOException {
    write("train-images-idx3-ubyte", TWO_IMAGES);
    write("train-labels-idx1-ubyte", ONE_LABEL);
    var error = assertThrows(MalformedDataException.class, () -> Mnist.load(folder));
    assertEquals(
        "LabeledImages: expected images (n, height, width, ...) and as many labels (n,), received"
            + " images=uint8(2, 1, 2), labels=uint8(1,). Take both from the same part of the data"
            + " set.",
        error.getMessage());
  }

  private void write(String name, String hex) throws IOException {
    Files.write(folder.resolve(name), bytes(hex));
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private static int[] countOfEachDigit(Tensor labels) {
    var counts = new int[10];
    for (long i = 0; i < labels.size(); i++) {
      counts[(int) labels.get(i)]++;
    }
    return counts;
  }

  private static double mean(Tensor images) {
    double sum = 0;
    for (long i = 0; i < images.size(); i++) {
      sum += images.get(i);
    }
    return sum / images.size();
  }
}
