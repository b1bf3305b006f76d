package io.kalamos.datasets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxTest {
  /// Two images of 2x3 bytes.
  private static final byte[] IMAGES =
      bytes("00000803 00000002 00000002 00000003 000102030405 f0f1f2f3f4ff");

  @TempDir Path folder;

  @Test
  void readsAFileAsAView() throws IOException {
    var images = Idx.read(Files.write(folder.resolve("images"), IMAGES));
    assertImages(images);
    assertTrue(images.memory().isMapped());
  }

  @Test
  void readsGzipByItsContentNotByItsName() throws IOException {
    assertImages(Idx.read(Files.write(folder.resolve("images"), gzip(IMAGES))));
    assertImages(Idx.read(Files.write(folder.resolve("images.gz"), IMAGES)));
    assertImages(Idx.read("images", new ByteArrayInputStream(gzip(IMAGES))));
  }

  @Test
  void convertsWiderTypesFromBigEndian() throws IOException {
    assertArrayEquals(
        new double[] {1, -2}, stream("00000c01 00000002 00000001 fffffffe").toDoubles());
    assertArrayEquals(
        new double[] {1.5, -2}, stream("00000d01 00000002 3fc00000 c0000000").toDoubles());
    var doubles = stream("00000e02 00000001 00000002 3ff8000000000000 c000000000000000");
    assertEquals("float64(1, 2)", doubles.toString());
    assertArrayEquals(new double[] {1.5, -2}, doubles.toDoubles());
  }

  @Test
  void readsNoElements() throws IOException {
    assertEquals(Shape.of(0, 28, 28), stream("00000803 00000000 0000001c 0000001c").shape());
  }

  @Test
  void refusesWhatIsNotIdx() {
    assertAllSay(
        bytes("89504e47 0d0a1a0a"),
        "expected an IDX file, which starts with 00 00, a type (08, 0c, 0d or 0e) and 01 to 08 axes,"
            + " received first bytes=[89 50 4e 47]. Give a file such as the four of MNIST, gzipped"
            + " or not.");
    assertAllSay(
        bytes("00000901 00000000"),
        "expected an IDX file, which starts with 00 00, a type (08, 0c, 0d or 0e) and 01 to 08 axes,"
            + " received first bytes=[00 00 09 01]. Give a file such as the four of MNIST, gzipped"
            + " or not.");
    assertAllSay(
        bytes("00000809 00000000"),
        "expected an IDX file, which starts with 00 00, a type (08, 0c, 0d or 0e) and 01 to 08 axes,"
            + " received first bytes=[00 00 08 09]. Give a file such as the four of MNIST, gzipped"
            + " or not.");
    assertAllSay(
        bytes("00"),
        "expected an IDX file, which starts with 00 00, a type (08, 0c, 0d or 0e) and 01 to 08 axes,"
            + " received first bytes=[00]. Give a file such as the four of MNIST, gzipped or not.");
    assertAllSay(
        new byte[0],
        "expected an IDX file, which starts with 00 00, a type (08, 0c, 0d or 0e) and 01 to 08 axes,"
            + " received first bytes=[]. Give a file such as the four of MNIST, gzipped or not.");
  }

  @Test
  void refusesATruncatedFile() {
    assertAllSay(
        Arrays.copyOf(IMAGES, 20),
        "expected 28 bytes for uint8(2, 2, 3) with its header, received bytes=20. Copy or download"
            + " the file again.");
    assertAllSay(
        Arrays.copyOf(IMAGES, 10),
        "expected the sizes of 3 axes in the first 16 bytes, received bytes=10. Copy or download the"
            + " file again.");
  }

  @Test
  void refusesTrailingBytes() {
    var longer = Arrays.copyOf(IMAGES, 30);
    var message =
        "images: expected 28 bytes for uint8(2, 2, 3) with its header, received bytes=%s. Copy or"
            + " download the file again.";
    assertEquals(message.formatted("30"), viewMessage(longer));
    assertEquals(message.formatted("more"), streamMessage(longer));
  }

  @Test
  void refusesAbsurdSizesBeforeItAllocates() {
    assertAllSay(
        bytes("00000e03 7fffffff 7fffffff 7fffffff"),
        "expected axes of at most 2147483647 and fewer than 2^63 bytes in all, received"
            + " sizes=(2147483647, 2147483647, 2147483647). Copy or download the file again.");
    assertAllSay(
        bytes("00000801 ffffffff"),
        "expected axes of at most 2147483647 and fewer than 2^63 bytes in all, received"
            + " sizes=(4294967295). Copy or download the file again.");
    assertEquals(
        "images: expected at most 2147483639 bytes in a gzipped file or stream, received"
            + " uint8(2147483647, 16) of 34359738352 bytes. Unpack the file and read it by its path.",
        streamMessage(bytes("00000802 7fffffff 00000010")));
    assertEquals(
        "images: expected 34359738364 bytes for uint8(2147483647, 16) with its header, received"
            + " bytes=12. Copy or download the file again.",
        viewMessage(bytes("00000802 7fffffff 00000010")));
    assertEquals(
        "images: expected 2147483638 bytes for uint8(2147483630,) with its header, received bytes=8."
            + " Copy or download the file again.",
        streamMessage(bytes("00000801 7fffffee")));
  }

  @Test
  void refusesDamagedGzip() throws IOException {
    var gzip = gzip(IMAGES);
    assertEquals(
        "images: expected whole gzip data, received damaged or incomplete data (Unexpected end of"
            + " ZLIB input stream). Copy or download the file again.",
        streamMessage(Arrays.copyOf(gzip, gzip.length - 12)));
    gzip[gzip.length - 8]++;
    assertEquals(
        "images: expected whole gzip data, received damaged or incomplete data (Corrupt GZIP"
            + " trailer). Copy or download the file again.",
        streamMessage(gzip));
  }

  @Test
  void saysWhichFileIsMissing() {
    var file = folder.resolve("nowhere");
    var error = assertThrows(UncheckedIOException.class, () -> Idx.read(file));
    assertEquals(
        file
            + ": expected a readable IDX file, received java.nio.file.NoSuchFileException: "
            + file
            + ". Check path and permissions.",
        error.getMessage());
  }

  private static void assertImages(Tensor images) {
    assertEquals(DType.UINT8, images.dtype());
    assertEquals(Shape.of(2, 2, 3), images.shape());
    assertArrayEquals(
        new double[] {0, 1, 2, 3, 4, 5, 240, 241, 242, 243, 244, 255}, images.toDoubles());
  }

  private void assertAllSay(byte[] bytes, String message) {
    assertEquals("images: " + message, viewMessage(bytes));
    assertEquals("images: " + message, streamMessage(bytes));
    var file = folder.resolve("file");
    var error =
        assertThrows(MalformedDataException.class, () -> Idx.read(Files.write(file, bytes)));
    assertEquals(file + ": " + message, error.getMessage());
  }

  private static String viewMessage(byte[] bytes) {
    var memory = Arena.ofAuto().allocate(bytes.length);
    memory.copyFrom(MemorySegment.ofArray(bytes));
    return assertThrows(MalformedDataException.class, () -> Idx.view("images", memory))
        .getMessage();
  }

  private static String streamMessage(byte[] bytes) {
    return assertThrows(
            MalformedDataException.class, () -> Idx.read("images", new ByteArrayInputStream(bytes)))
        .getMessage();
  }

  private static Tensor stream(String hex) throws IOException {
    return Idx.read("stream", new ByteArrayInputStream(bytes(hex)));
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  static byte[] gzip(byte[] bytes) throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }
}
