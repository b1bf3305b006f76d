package io.kalamos.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

class NpzTest {
  @Test
  void readsEachType() {
    assertArrayEquals(
        new float[] {1.5f, -2}, Npy.read("a.npy", npy("<f4", "(2,)", floats(1.5f, -2))).floats());
    assertArrayEquals(
        new int[] {7}, Npy.read("a.npy", npy("<i4", "()", new byte[] {7, 0, 0, 0})).ints());
    var doubles = Npy.read("a.npy", npy("<f8", "(1, 1)", new byte[] {0, 0, 0, 0, 0, 0, 8, 64}));
    assertArrayEquals(new double[] {3}, ((Npy.Doubles) doubles).values());
    assertArrayEquals(new int[] {1, 1}, doubles.shape());
    var longs = Npy.read("a.npy", npy("<i8", "(1,)", new byte[] {1, 1, 0, 0, 0, 0, 0, 0}));
    assertArrayEquals(new long[] {257}, ((Npy.Longs) longs).values());
    var bytes = Npy.read("a.npy", npy("|u1", "(1, 3)", new byte[] {1, 2, (byte) 255}));
    assertArrayEquals(new byte[] {1, 2, -1}, ((Npy.Bytes) bytes).values());
    assertEquals(0, Npy.read("a.npy", npy("<f4", "(0, 4)", new byte[0])).floats().length);
  }

  @Test
  void refusesWhatIsMalformed() {
    assertBad(
        "a.npy: expected the magic bytes of a .npy file, received bytes=3. "
            + "Write the array again with numpy.save.",
        new byte[] {1, 2, 3});
    assertBad(
        "a.npy: expected the bytes of shape=[3], received bytes=8. "
            + "Write the array again with numpy.save.",
        npy("<f4", "(3,)", floats(1, 2)));
    assertBad(
        "a.npy: expected float32, float64, int32, int64 or uint8, little-endian, "
            + "received descr=>f4. Write the array again with numpy.save.",
        npy(">f4", "(2,)", floats(1, 2)));
    assertBad(
        "a.npy: expected the bytes of shape=[99999, 99999, 99999], received bytes=8. "
            + "Write the array again with numpy.save.",
        npy("<f4", "(99999, 99999, 99999)", floats(1, 2)));
    var version = npy("<f4", "(2,)", floats(1, 2));
    version[6] = 9;
    assertBad(
        "a.npy: expected version 1 or 2, received version=9. "
            + "Write the array again with numpy.save.",
        version);
    var length = npy("<f4", "(2,)", floats(1, 2));
    length[9] = 127;
    assertBad(
        "a.npy: expected a header within the file, received length=32630. "
            + "Write the array again with numpy.save.",
        length);
  }

  @Test
  void saysWhichTypeItIs() {
    var array = Npy.read("a.npy", npy("<f4", "(2,)", floats(1, 2)));
    assertEquals(
        "Npy.ints(): expected int32, received dtype=float32 shape=[2]. "
            + "Match the records of Npy instead.",
        assertThrows(IllegalStateException.class, array::ints).getMessage());
  }

  @Test
  void keepsTheOrderOfTheZip() throws IOException {
    var one = npy("<f4", "()", floats(1));
    var arrays = Npz.read(zip(List.of("z/in0.npy", "a.npy"), one));
    assertEquals(List.of("z/in0", "a"), List.copyOf(arrays.keySet()));
  }

  @Test
  void refusesOtherZips() {
    var one = npy("<f4", "()", floats(1));
    assertEquals(
        "npz: expected entries called NAME.npy, received entry=a.txt. "
            + "Write the file again with numpy.savez.",
        assertThrows(IllegalArgumentException.class, () -> Npz.read(zip(List.of("a.txt"), one)))
            .getMessage());
    assertEquals(
        "npz: expected a zip with arrays, received none. Write the file again with numpy.savez.",
        assertThrows(
                IllegalArgumentException.class,
                () -> Npz.read(new ByteArrayInputStream(new byte[100])))
            .getMessage());
  }

  private static void assertBad(String message, byte[] file) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> Npy.read("a.npy", file)).getMessage());
  }

  private static byte[] floats(float... values) {
    var bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static byte[] npy(String descr, String shape, byte[] values) {
    var header = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(descr, shape);
    header = header + " ".repeat(117 - header.length()) + "\n";
    var text = header.getBytes(StandardCharsets.ISO_8859_1);
    return ByteBuffer.allocate(10 + text.length + values.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
        .putShort((short) text.length)
        .put(text)
        .put(values)
        .array();
  }

  private static ByteArrayInputStream zip(List<String> names, byte[] content) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(out)) {
      for (var name : names) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
      }
    }
    return new ByteArrayInputStream(out.toByteArray());
  }
}
