package io.kalamos.datasets;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Data sets in the form of MNIST, read from a folder.
class OtherIdxTest {
  @TempDir Path folder;

  /// Two images whose pixel in row 1, column 3 is the number of the image plus 1.
  private static byte[] images(int size) {
    byte[] bytes = new byte[16 + 2 * size * size];
    byte[] head =
        HexFormat.of().parseHex("0000080300000002000000%02x000000%02x".formatted(size, size));
    System.arraycopy(head, 0, bytes, 0, 16);
    for (int i = 0; i < 2; i++) {
      bytes[16 + i * size * size + size + 3] = (byte) (i + 1);
    }
    return bytes;
  }

  private void write(String prefix, int size, String labels) throws IOException {
    Files.write(folder.resolve(prefix + "-images-idx3-ubyte"), images(size));
    Files.write(
        folder.resolve(prefix + "-labels-idx1-ubyte.gz"),
        IdxTest.gzip(HexFormat.of().parseHex("0000080100000002" + labels)));
  }

  @Test
  void fashionHasTheNamesOfMnist() throws IOException {
    write("train", 28, "0900");
    write("t10k", 28, "0102");
    var fashion = FashionMnist.load(folder);
    assertEquals("uint8(2, 28, 28)", fashion.test().images().toString());
    assertEquals("Ankle boot", FashionMnist.CLASS_NAMES.get((int) fashion.train().labels().get(0)));
    assertEquals(2, fashion.train().images().get(28 * 28 + 28 + 3));
  }

  @Test
  void emnistIsTurnedUpright() throws IOException {
    write("emnist-letters-train", 28, "011a");
    write("emnist-letters-test", 28, "0203");
    var letters = Emnist.load(folder, Emnist.Part.LETTERS);
    assertEquals(26, letters.classNames().size());
    assertEquals("A", letters.classNames().get((int) letters.train().labels().get(0)));
    assertEquals("Z", letters.classNames().get((int) letters.train().labels().get(1)));
    assertEquals(2, letters.train().images().get(28 * 28 + 3 * 28 + 1));
    assertEquals(0, letters.train().images().get(28 * 28 + 28 + 3));
    assertEquals(62, Emnist.Part.BYCLASS.classNames().size());
    assertEquals(47, Emnist.Part.BALANCED.classNames().size());
    assertEquals(47, Emnist.Part.BYMERGE.classNames().size());
    assertEquals("t", Emnist.Part.BALANCED.classNames().getLast());
    write("emnist-digits-train", 28, "0009");
    write("emnist-digits-test", 28, "0009");
    assertEquals(9, Emnist.load(folder, Emnist.Part.DIGITS).test().labels().get(1));
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    var none = assertThrows(MalformedDataException.class, () -> FashionMnist.load(folder));
    assertEquals(
        "FashionMnist.load: expected one of [train-images-idx3-ubyte, train-images-idx3-ubyte.gz,"
            + " train-images.idx3-ubyte, train-images.idx3-ubyte.gz], received folder="
            + folder
            + ", which has none of them. Put the files of github.com/zalandoresearch/fashion-mnist"
            + " there, packed or not.",
        none.getMessage());
    write("train", 28, "0a00");
    refused("train-labels-idx1-ubyte.gz", "labels from 0 to 9, received labels[0]=10");
    write("train", 28, "0000");
    write("t10k", 20, "0000");
    refused("t10k-images-idx3-ubyte", "images uint8(n, 28, 28), received images=uint8(2, 20, 20)");
    Files.write(
        folder.resolve("train-labels-idx1-ubyte.gz"),
        HexFormat.of().parseHex("000008010000000100"));
    refused("train-labels-idx1-ubyte.gz", "labels uint8(2,), received labels=uint8(1,)");
    write("emnist-letters-train", 28, "0001");
    write("emnist-letters-test", 28, "0101");
    assertEquals(
        "Emnist.load: expected labels from 1 to 26 in the selection LETTERS, received labels[0]=0."
            + " Take the files of another selection, or these again.",
        assertThrows(MalformedDataException.class, () -> Emnist.load(folder, Emnist.Part.LETTERS))
            .getMessage());
  }

  private void refused(String file, String what) {
    assertEquals(
        folder.resolve(file)
            + ": expected "
            + what
            + ". Take the files of github.com/zalandoresearch/fashion-mnist.",
        assertThrows(MalformedDataException.class, () -> FashionMnist.load(folder)).getMessage());
  }
}
