package io.kalamos.datasets;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.engine.DType;
import io.kalamos.engine.Tensor;
import io.kalamos.testkit.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NpyTest {
  private static final Map<String, byte[]> FILES = NpyFiles.all();
  private static final String AGAIN = " Save the array again with numpy.save.";

  @TempDir Path folder;

  private Tensor read(byte[] bytes) throws IOException {
    return Npy.read(Files.write(folder.resolve("a.npy"), bytes));
  }

  private String refusal(byte[] bytes) {
    var message = assertThrows(MalformedDataException.class, () -> read(bytes)).getMessage();
    return message.replace(folder.resolve("a.npy") + ": ", "");
  }

  static List<Json> known() {
    return NpyFiles.known();
  }

  @ParameterizedTest
  @MethodSource("known")
  void readsWhatNumPyWrote(Json array) throws IOException {
    var name = array.get("name").text();
    var expected = array.get("values").items();
    boolean unfit = expected.stream().anyMatch(value -> value.number() > Integer.MAX_VALUE);
    assertFalse(unfit, "the golden values fit");
    var tensor = read(FILES.get(name));
    assertEquals(shape(array), tensor.shape().toString(), name);
    assertEquals(dtype(array.get("dtype").text()), tensor.dtype(), name);
    for (int i = 0; i < expected.size(); i++) {
      double value =
          switch (expected.get(i)) {
            case Json.Bool(var truth) -> truth ? 1 : 0;
            case Json number -> number.number();
          };
      assertEquals(value, tensor.get(i), name + "[" + i + "]");
    }
    assertEquals(expected.size(), tensor.size());
  }

  private static String shape(Json array) {
    var sizes =
        array.get("shape").items().stream()
            .map(size -> Integer.toString((int) size.number()))
            .toList();
    return "(" + String.join(", ", sizes) + (sizes.size() == 1 ? ",)" : ")");
  }

  private static DType dtype(String numpy) {
    return switch (numpy) {
      case "float16", "float32" -> DType.FLOAT32;
      case "float64" -> DType.FLOAT64;
      case "uint8", "bool" -> DType.UINT8;
      default -> DType.INT32;
    };
  }

  @Test
  void usesWhatIsInOrderWhereItLies() throws IOException {
    for (var name : List.of("f4-little", "f8-little", "i4-little", "u1-little", "vector-fortran")) {
      assertTrue(read(FILES.get(name)).memory().isMapped(), name);
    }
    for (var name : List.of("f4-big", "f4-little-fortran", "i8-little", "b1-little")) {
      assertFalse(read(FILES.get(name)).memory().isMapped(), name);
    }
    var unaligned = NpyFiles.npy(NpyFiles.header("<f4", "(1,)"), 0, 0, 0x80, 0x3f);
    var tensor = read(unaligned);
    assertFalse(tensor.memory().isMapped(), "vectors want aligned memory");
    assertEquals(1, tensor.get(0));
  }

  @Test
  void writesWhatNumPyWrites() throws IOException {
    for (var name :
        List.of("f4-little", "f8-little", "i4-little", "u1-little", "scalar", "empty")) {
      var file = folder.resolve("deep/er/" + name + ".npy");
      Npy.write(file, read(FILES.get(name)));
      assertArrayEquals(FILES.get(name), Files.readAllBytes(file), name);
      assertEquals(
          List.of(file), list(file.getParent()).stream().filter(f -> f.equals(file)).toList());
    }
    assertTrue(
        list(folder.resolve("deep/er")).stream().noneMatch(f -> f.toString().contains(".part")));
  }

  private static List<Path> list(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.collect(Collectors.toList());
    }
  }

  @Test
  void writesManyElementsAndBfloat16() throws IOException {
    var file = folder.resolve("large.npy");
    var values = new double[300_001];
    Arrays.setAll(values, i -> i);
    Npy.write(file, Tensor.of(values, 300_001, 1));
    assertArrayEquals(values, Npy.read(file).toDoubles());
    Npy.write(file, Tensor.of(new float[] {1.5f, -2}, 2).cast(DType.BFLOAT16));
    assertEquals("float32(2,)", Npy.read(file).toString());
    assertArrayEquals(new float[] {1.5f, -2}, Npy.read(file).toFloats());
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void othersMayReadWhatTheyMayReadElsewhere() throws IOException {
    var file = folder.resolve("mine.npy");
    Npy.write(file, Tensor.of(new float[] {1}, 1));
    assertEquals(
        Files.getPosixFilePermissions(Files.createFile(folder.resolve("any"))),
        Files.getPosixFilePermissions(file));
  }

  @Test
  void refusesWhatIsNoNumber() {
    assertEquals(
        "expected numbers, received descr=|O, Python objects, which only code from the file unpacks."
            + " Save numbers: array.astype('float32').",
        refusal(FILES.get("objects")));
    assertEquals(
        "expected numbers, received an array with named fields, descr={'descr': [('a', '<i4'), ('b',"
            + " '<f8')], 'fortran_order': False, 'shape': (1,), }. Save one of the fields:"
            + " array['field'].",
        refusal(FILES.get("fields")));
    var others = Map.of("complex", "<c16", "text", "<U2", "bytes", "|S2", "date", "<M8[D]");
    others.forEach(
        (name, descr) ->
            assertEquals(
                "expected float16 to float64, int8 to int64, uint8 to uint64 or bool, received"
                    + " descr="
                    + descr
                    + ". Convert it before saving: array.astype('float32').",
                refusal(FILES.get(name))));
  }

  @Test
  void refusesWholeNumbersBeyondInt32() {
    var advice = ". Save it as real numbers: array.astype('float64').";
    var range = "expected whole numbers from -2147483648 to 2147483647, received element 0=";
    assertEquals(
        range + "2147483648" + advice,
        refusal(NpyFiles.npy(NpyFiles.header("<i8", "(1,)"), 0, 0, 0, 128, 0, 0, 0, 0)));
    assertEquals(
        range + "18446744073709551615" + advice,
        refusal(
            NpyFiles.npy(NpyFiles.header("<u8", "()"), 255, 255, 255, 255, 255, 255, 255, 255)));
    assertEquals(
        range + "4294967295" + advice,
        refusal(NpyFiles.npy(NpyFiles.header("<u4", "(1,)"), 255, 255, 255, 255)));
  }

  @Test
  void refusesHostileHeaders() {
    assertEquals(
        "expected an array of NumPy, which starts with 93 4e 55 4d 50 59, received first bytes=[50"
            + " 4b 03 04 00 00 00 00]. This is a zip: give it the ending .npz.",
        refusal(new byte[] {'P', 'K', 3, 4, 0, 0, 0, 0}));
    assertEquals(
        "expected an array of NumPy, which starts with 93 4e 55 4d 50 59, received first bytes=[80"
            + " 04 95]."
            + AGAIN,
        refusal(new byte[] {(byte) 0x80, 4, (byte) 0x95}));
    var version = NpyFiles.npy(NpyFiles.header("<f4", "()"), 0, 0, 0, 0);
    version[6] = 9;
    assertEquals(
        "expected version 1.0, 2.0 or 3.0, received version=9.0." + AGAIN, refusal(version));
    assertEquals(
        "expected the length of a header, received the end of the file." + AGAIN,
        refusal(Arrays.copyOf(FILES.get("scalar"), 9)));
    var length = FILES.get("version2").clone();
    Arrays.fill(length, 8, 12, (byte) 0x7f);
    assertEquals(
        "expected a header of at most 10000 bytes, received length=2139062143." + AGAIN,
        refusal(length));
    assertEquals(
        "expected a header of 118 bytes, received the end after bytes=20." + AGAIN,
        refusal(Arrays.copyOf(FILES.get("scalar"), 30)));
    assertEquals(
        "expected up to 64 axes of at most 2147483647 and fewer than 2^63 bytes in all, received"
            + " shape=[2147483647, 2147483647, 3]."
            + AGAIN,
        refusal(NpyFiles.npy(NpyFiles.header("<f4", "(2147483647, 2147483647, 3)"))));
    assertEquals(
        "expected up to 64 axes of at most 2147483647 and fewer than 2^63 bytes in all, received"
            + " shape=[2147483648]."
            + AGAIN,
        refusal(NpyFiles.npy(NpyFiles.header("<f4", "(2147483648,)"))));
    assertTrue(
        refusal(NpyFiles.npy(NpyFiles.header("<f4", "(" + "1, ".repeat(65) + ")")))
            .startsWith("expected up to 64 axes"));
  }

  @Test
  void refusesOtherTextThanTheThreeEntries() {
    var expected =
        "expected a header such as {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }, received header=";
    for (var text :
        List.of(
            "",
            "{}",
            "[1]",
            "{'descr': '<f4', 'fortran_order': False}",
            "{'descr': '<f4', 'fortran_order': 1, 'shape': ()}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1 2)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': 3}",
            "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': ()}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (), 'more': 1}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': ()} + exit()",
            "{'descr': __import__('os'), 'fortran_order': False, 'shape': ()}")) {
      assertEquals(expected + text + "." + AGAIN, refusal(NpyFiles.npy(text, 0, 0, 0, 0)));
    }
    assertEquals(
        expected + "{" + "?".repeat(119) + "..." + "." + AGAIN,
        refusal(NpyFiles.npy("{" + "\u0007".repeat(500))));
  }

  @Test
  void readsOtherSpellingsOfTheHeader() throws IOException {
    var python2 = "{\"shape\": (2L,1L), \"fortran_order\": True ,\"descr\":\"|u1\"}\n";
    assertArrayEquals(new float[] {7, 9}, read(NpyFiles.npy(python2, 7, 9)).toFloats());
  }

  @Test
  void refusesTooFewAndTooManyBytes() {
    var file = FILES.get("f4-little");
    assertEquals(
        "expected 152 bytes for float32(2, 3) with its header, received bytes=151." + AGAIN,
        refusal(Arrays.copyOf(file, file.length - 1)));
    assertEquals(
        "expected 152 bytes for float32(2, 3) with its header, received bytes=153." + AGAIN,
        refusal(Arrays.copyOf(file, file.length + 1)));
  }

  /// Bytes changed at random are read or refused with words, and nothing else happens.
  @Test
  void neverFailsInAnotherWay() throws IOException {
    var random = new Random(7);
    for (var file : FILES.values()) {
      for (int round = 0; round < 60; round++) {
        var broken =
            Arrays.copyOf(file, random.nextInt(4) == 0 ? random.nextInt(file.length) : file.length);
        for (int i = 0; i < 1 + round % 4 && broken.length > 0; i++) {
          broken[random.nextInt(broken.length)] = (byte) random.nextInt(256);
        }
        try {
          read(broken);
        } catch (MalformedDataException refusal) {
          assertTrue(refusal.getMessage().contains("expected"), refusal.getMessage());
        }
      }
    }
  }

  @Test
  void saysWhichFileCannotBeReadOrWritten() throws IOException {
    var missing = folder.resolve("missing.npy");
    assertEquals(
        missing
            + ": expected a readable .npy file, received no file of this name. Check path and"
            + " permissions.",
        assertThrows(UncheckedIOException.class, () -> Npy.read(missing)).getMessage());
    var inside = Files.createFile(folder.resolve("file")).resolve("y.npy");
    assertEquals(
        "array "
            + inside
            + ": expected a folder with room to write to, received"
            + " error=java.nio.file.FileAlreadyExistsException: "
            + inside.getParent()
            + ". Free space or choose another folder; nothing there was changed.",
        assertThrows(
                UncheckedIOException.class, () -> Npy.write(inside, Tensor.of(new float[] {1}, 1)))
            .getMessage());
  }
}
