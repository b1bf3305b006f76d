package io.kalamos.datasets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzTest {
  private static final String AGAIN = ". Save it again with numpy.savez.";

  @TempDir Path folder;

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("a.npz"), bytes);
  }

  private String refusal(byte[] bytes) throws IOException {
    var file = file(bytes);
    return assertThrows(MalformedDataException.class, () -> Npz.read(file))
        .getMessage()
        .replace(file.toString(), "a.npz");
  }

  @Test
  void readsWhatNumPyWrote() throws IOException {
    var stored = Npz.read(file(NpyFiles.resource("stored.npz")));
    assertEquals(List.of("x", "y"), List.copyOf(stored.keySet()));
    assertEquals("float32(4, 3)", stored.get("x").toString());
    assertEquals(11, stored.get("x").get(11));
    assertEquals("int32(4,)", stored.get("y").toString());
    assertArrayEquals(new float[] {0, 1, 2, 1}, stored.get("y").toFloats());
    var packed = Npz.read(file(NpyFiles.resource("packed.npz")));
    assertEquals(List.of("arr_0", "arr_1"), List.copyOf(packed.keySet()));
    assertArrayEquals(stored.get("x").toFloats(), packed.get("arr_0").toFloats());
  }

  @Test
  void readsOneArrayByItsName() throws IOException {
    var file = file(NpyFiles.resource("stored.npz"));
    assertEquals(List.of("x", "y"), Npz.names(file));
    assertEquals("int32(4,)", Npz.read(file, "y").toString());
    assertEquals(
        file + ": expected one of its arrays [x, y], received name=z. Use one of these names.",
        assertThrows(MalformedDataException.class, () -> Npz.read(file, "z")).getMessage());
  }

  @Test
  void writesWhatItReads() throws IOException {
    var file = folder.resolve("out/b.npz");
    var arrays = new LinkedHashMap<String, Tensor>();
    arrays.put("input_layer", Tensor.of(new float[] {1, 2, 3}, 3));
    arrays.put("a/b", Tensor.of(new int[] {-1}, 1, 1));
    Npz.write(file, arrays);
    var first = Files.readAllBytes(file);
    var read = Npz.read(file);
    assertEquals(List.of("input_layer", "a/b"), List.copyOf(read.keySet()));
    assertArrayEquals(new float[] {1, 2, 3}, read.get("input_layer").toFloats());
    assertEquals("int32(1, 1)", read.get("a/b").toString());
    Npz.write(file, arrays);
    assertArrayEquals(first, Files.readAllBytes(file), "the same arrays give the same bytes");
  }

  @Test
  void refusesOtherZips() throws IOException {
    assertEquals(
        "a.npz: expected a whole zip of arrays, received damaged or other data (zip END header not"
            + " found)"
            + AGAIN,
        refusal("no zip at all, but long enough".getBytes(StandardCharsets.UTF_8)));
    assertEquals(
        "a.npz: expected members called NAME.npy, received member=a.txt" + AGAIN,
        refusal(zip(Map.of("a.txt", new byte[3]))));
    assertEquals(
        "a.npz: expected at least one array, received members=0" + AGAIN, refusal(zip(Map.of())));
    var many = new LinkedHashMap<String, byte[]>();
    for (int i = 0; i <= Npz.MOST_MEMBERS; i++) {
      many.put(i + ".npy", new byte[0]);
    }
    assertEquals(
        "a.npz: expected at most 1000 members, received members=1001" + AGAIN, refusal(zip(many)));
    assertEquals(
        "a.npz:x: expected an array of NumPy, which starts with 93 4e 55 4d 50 59, received first"
            + " bytes=[00 00 00]. Save the array again with numpy.save.",
        refusal(zip(Map.of("x.npy", new byte[3]))));
    assertEquals(
        "a.npz:x: expected numbers, received descr=|O, Python objects, which only code from the file"
            + " unpacks. Save numbers: array.astype('float32').",
        refusal(zip(Map.of("x.npy", NpyFiles.all().get("objects")))));
  }

  @Test
  void refusesAMemberThatIsShorterOrLongerThanItsShape() throws IOException {
    var array = NpyFiles.all().get("f4-little");
    for (int length : new int[] {151, 153, 4096}) {
      assertEquals(
          "a.npz:x: expected 152 bytes for float32(2, 3) with its header, received bytes="
              + length
              + ". Save the array again with numpy.save.",
          refusal(zip(Map.of("x.npy", Arrays.copyOf(array, length)))));
    }
  }

  @Test
  void refusesTwoOfOneName() throws IOException {
    var two = new LinkedHashMap<String, byte[]>();
    two.put("x.npy", NpyFiles.all().get("scalar"));
    two.put("y.npy", NpyFiles.all().get("scalar"));
    var bytes = zip(two);
    var text = new String(bytes, StandardCharsets.ISO_8859_1).replace("y.npy", "x.npy");
    assertEquals(
        "a.npz: expected each name once, received member=x.npy twice" + AGAIN,
        refusal(text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  @Test
  void refusesADamagedMember() throws IOException {
    var bytes = NpyFiles.resource("stored.npz").clone();
    bytes[200] ^= 1; // an element of x, which is stored as it is
    assertTrue(
        refusal(bytes)
            .matches(
                "a.npz:x: expected the checksum \\d+, received checksum=\\d+\\. Save the array again with numpy\\.save\\."),
        refusal(bytes));
  }

  /// A zip bomb of a kilobyte for each megabyte; numpy.savez stores the same array as it is.
  @Test
  void refusesArraysThatGrowTooMuch() throws IOException {
    var file = folder.resolve("bomb.npz");
    Npz.write(file, Map.of("x", Tensor.zeros(DType.UINT8, Shape.of(70 << 20))));
    long packed = Files.size(file);
    assertEquals(
        file
            + ": expected arrays that grow at most 200 times when unpacked, received "
            + packed
            + " bytes that grow to bytes=73400448. If that is right, save them with numpy.savez, not"
            + " savez_compressed.",
        assertThrows(MalformedDataException.class, () -> Npz.names(file)).getMessage());
  }

  @Test
  void refusesMoreThanFits() throws IOException {
    var bytes = NpyFiles.resource("stored.npz").clone();
    // the directory says that x has 2^32 - 2 bytes, and y too
    int directory = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("PK\1\2");
    Arrays.fill(bytes, directory + 24, directory + 28, (byte) 0x7f);
    assertTrue(
        refusal(bytes).startsWith("a.npz: expected arrays that grow at most 200 times"),
        refusal(bytes));
  }

  @Test
  void neverFailsInAnotherWay() throws IOException {
    var random = new Random(5);
    for (var name : List.of("stored.npz", "packed.npz")) {
      var whole = NpyFiles.resource(name);
      for (int round = 0; round < 400; round++) {
        var broken = whole.clone();
        for (int i = 0; i < 1 + round % 4; i++) {
          broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
        }
        try {
          Npz.read(file(broken));
        } catch (MalformedDataException refusal) {
          assertTrue(refusal.getMessage().contains("expected"), refusal.getMessage());
        }
      }
    }
  }

  private static byte[] zip(Map<String, byte[]> members) throws IOException {
    var out = new java.io.ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(out)) {
      for (var member : members.entrySet()) {
        zip.putNextEntry(new ZipEntry(member.getKey()));
        zip.write(member.getValue());
      }
    }
    return out.toByteArray();
  }
}
