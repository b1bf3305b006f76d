package io.kalamos.saving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jhdf.HdfFile;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.testkit.Golden;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// HDF5 files: what is written is read again, by us and by an independent library; what is hostile
/// or damaged is refused at once.
class Hdf5Test {
  private static byte[] written(Hdf5Group root) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Hdf5Writer.write(root, out);
    return out.toByteArray();
  }

  private static Hdf5Group read(byte[] file) throws IOException {
    return Hdf5Reader.read("a.h5", MemorySegment.ofArray(file));
  }

  private static void same(Hdf5Group expected, Hdf5Group actual) {
    assertEquals(expected.attributes(), actual.attributes());
    assertEquals(
        List.copyOf(expected.children().keySet()), List.copyOf(actual.children().keySet()));
    expected
        .children()
        .forEach(
            (name, node) -> {
              switch (node) {
                case Hdf5Group group -> same(group, actual.group(name).orElseThrow());
                case Hdf5Dataset dataset ->
                    assertTrue(dataset.same(actual.dataset(name).orElseThrow()), name);
              }
            });
  }

  private static Hdf5Group sample() {
    Hdf5Group root = new Hdf5Group();
    root.attribute("keras_version", "3.15.1").attribute("model_config", "{\"é\": \"字\"}");
    root.make("vars").attribute("name", "sequential");
    root.make("layers/flatten/vars").attribute("weight_names", List.of());
    root.make("layers").attribute("layer_names", List.of("dense", "", "dense_1"));
    root.put(
        "layers/dense/vars/0", Hdf5Dataset.of(Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3)));
    root.put("layers/dense/vars/1", Hdf5Dataset.of(Tensor.of(new double[] {-1e300}, 1)));
    root.put("layers/dense/vars/2", Hdf5Dataset.of(Tensor.of(new float[0], 0)));
    for (Hdf5Type type : Hdf5Type.values()) {
      root.put("optimizer/" + type, Hdf5Dataset.of(type, type.signed() ? -3 : 200));
    }
    return root;
  }

  @Test
  void comesBack() throws IOException {
    byte[] file = written(sample());
    same(sample(), read(file));
    assertEquals(-3, read(file).dataset("optimizer/FLOAT16").orElseThrow().get(0));
    assertEquals(200, read(file).dataset("optimizer/UINT32").orElseThrow().get(0));
    assertArrayEquals(file, written(read(file)), "the same again");
    assertEquals(160, written(new Hdf5Group()).length);
    assertTrue(read(written(new Hdf5Group())).children().isEmpty());
  }

  /// An attribute of more than 64 KiB, more texts than a heap has numbers, and many entries.
  @Test
  void largeOnesComeBack() throws IOException {
    Hdf5Group root = new Hdf5Group().attribute("model_config", "ä".repeat(500_000));
    List<String> names = IntStream.range(0, 4000).mapToObj(i -> "layer " + i).toList();
    for (int i = 0; i < 20; i++) {
      root.make("g" + i).attribute("names", names);
    }
    for (int i = 0; i < 3000; i++) {
      root.put("vars/" + i, Hdf5Dataset.of(Hdf5Type.INT64, i));
    }
    same(root, read(written(root)));
  }

  /// jHDF reads the same from what we write.
  @Test
  void anotherLibraryReadsIt() throws IOException {
    try (HdfFile file = HdfFile.fromBytes(written(sample()))) {
      assertEquals("{\"é\": \"字\"}", file.getAttribute("model_config").getData());
      assertArrayEquals(
          new String[] {"dense", "dense_1"},
          Arrays.stream((Object[]) file.getByPath("layers").getAttribute("layer_names").getData())
              .filter(name -> name != null && !name.equals(""))
              .toArray());
      assertTrue(
          Arrays.deepEquals(
              new float[][] {{1, 2, 3}, {4, 5, 6}},
              (float[][]) file.getDatasetByPath("layers/dense/vars/0").getData()));
      assertEquals(-3, file.getDatasetByPath("optimizer/INT32").getData());
      assertEquals(-3L, file.getDatasetByPath("optimizer/INT64").getData());
      assertEquals(-3.0, file.getDatasetByPath("optimizer/FLOAT64").getData());
      assertEquals(200L, file.getDatasetByPath("optimizer/UINT32").getData());
      assertEquals("sequential", file.getByPath("vars").getAttribute("name").getData());
    }
  }

  static Stream<String> goldens() {
    return Stream.of(
        "cnn.h5", "branches.weights.h5", "words.h5", "old-cnn.h5", "old-words-weights.h5");
  }

  /// What h5py wrote is read as jHDF reads it, and comes back when we write it.
  @ParameterizedTest
  @MethodSource("goldens")
  void kerasFilesAreReadAsByAnotherLibrary(String name) throws IOException {
    byte[] file = Golden.bytes("files/" + name);
    Hdf5Group root = read(file);
    same(root, read(written(root)));
    try (HdfFile other = HdfFile.fromBytes(file)) {
      root.datasets()
          .forEach(
              (path, dataset) -> {
                Object flat = other.getDatasetByPath(path).getDataFlat();
                assertArrayEquals(
                    Arrays.stream(other.getDatasetByPath(path).getDimensions()).toArray(),
                    dataset.shape().toArray());
                for (int i = 0; i < dataset.shape().size(); i++) {
                  Object value =
                      flat.getClass().isArray() ? java.lang.reflect.Array.get(flat, i) : flat;
                  assertEquals(((Number) value).doubleValue(), dataset.get(i), path);
                }
              });
    }
  }

  private static String refused(byte[] file) {
    return assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> assertThrows(IOException.class, () -> read(file)).getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          circle | each object once, received object=/a/b again. Keras writes no hard links.
          second-name | each object once, received object=/b again. Keras writes no hard links.
          external-link | a file without links to elsewhere, received external link=/layers. Keras writes none; do not trust the file.
          soft-link | a file without links to elsewhere, received soft link=/layers. Keras writes none; do not trust the file.
          external-array | arrays that lie in the file, received external array=/weights. Keras writes none; do not trust the file.
          virtual-array | arrays that lie in the file, received virtual array=/weights. Keras writes none; do not trust the file.
          compressed-array | arrays in one piece, as Keras writes them, received layout=chunks of /weights. Rewrite the file with h5repack -l CONTI.
          unwritten-array | arrays whose values were written, received array=/weights. The file is damaged or made up; use another copy.
          huge-axis | sizes of axes below 2^31, received size=1099511627776 of /weights. The file is damaged or made up; use another copy.
          forked-tree | a tree without circles, received group=/. The file is damaged or made up; use another copy.
          other-order | an array of numbers, little-endian, received type=class 1 of 4 bytes of /weights. Load it in Keras and save it again.
          texts | an array of numbers, little-endian, received type=class 3 of 1 bytes of /weights. Load it in Keras and save it again.
          pairs | an array of numbers, little-endian, received type=class 6 of 8 bytes of /weights. Load it in Keras and save it again.
          named-type | shape, type and place of an array once each, received array=/type with 0. The file is damaged or made up; use another copy.
          dense-links | links and attributes in the objects' headers, received object=/many/. Load it in Keras and save it again.
          """)
  void hostileFiles(String name, String message) {
    assertEquals(
        "a.h5: expected " + message, refused(Golden.bytes("files/hostile/" + name + ".h5")));
  }

  @Test
  void deepFiles() {
    assertEquals(
        "a.h5: expected groups at most 64 deep, received group="
            + "/a".repeat(65)
            + ". The file is damaged or made up; use another copy.",
        refused(Golden.bytes("files/hostile/depth.h5")));
  }

  @Test
  void everyTruncationIsSaid() throws IOException {
    for (String name : List.of("branches.weights.h5", "old-words-weights.h5")) {
      byte[] file = Golden.bytes("files/" + name);
      for (int size = 0; size < file.length; size += size < 3000 ? 1 : 13) {
        String message = refused(Arrays.copyOf(file, size));
        String expected =
            size < 8
                ? "a.h5: expected an HDF5 file, received begin=other bytes. Check the name of the"
                    + " file."
                : size < 48
                    ? "parts within " + size + " bytes"
                    : "a.h5: expected a whole file of "
                        + file.length
                        + " bytes, received size="
                        + size
                        + ". The file is truncated; use another copy.";
        assertTrue(message.contains(expected), message);
      }
    }
  }

  /// Whatever bit turns over: an answer or a refusal, at once, and nothing else.
  @Test
  void damageEndsInAnswersOrRefusals() throws IOException {
    Random random = new Random(1);
    byte[] small = written(sample());
    int refusals = 0;
    for (byte[] good : List.of(small, Golden.bytes("files/old-words-weights.h5"))) {
      for (int at = 8; at < good.length; at++) {
        byte[] bad = good.clone();
        bad[at] = (byte) (at % 3 == 0 ? 0xff : bad[at] ^ 1 << random.nextInt(8));
        try {
          read(bad);
        } catch (IOException refusal) {
          assertTrue(refusal.getMessage().startsWith("a.h5: expected "), refusal.getMessage());
          refusals++;
        }
      }
    }
    assertTrue(refusals > 1000, "refusals=" + refusals);
  }

  /// A list of texts each of which is the same long one in the heap.
  @Test
  void textsThatUnfold() throws IOException {
    String text = "x".repeat(1 << 20);
    Hdf5Group root = new Hdf5Group().attribute("a", text);
    root.attribute("names", IntStream.range(0, 100).mapToObj(i -> "y").toList());
    ByteBuffer file = ByteBuffer.wrap(written(root)).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 96; at < 4096; at += 8) {
      boolean one = file.getInt(at) == 1 && file.getInt(at + 12) > 1 && file.getInt(at + 12) < 200;
      if (one && file.getLong(at + 4) < file.capacity()) {
        file.putInt(at, text.length()).putInt(at + 12, 1);
      }
    }
    assertEquals(
        "a.h5: expected at most 67108864 bytes of texts, received bytes=more. The file is damaged"
            + " or made up; use another copy.",
        refused(file.array()));
  }

  /// Arrays that share their bytes would together be more than the file.
  @Test
  void arraysThatOverlap() throws IOException {
    Hdf5Group root = new Hdf5Group();
    for (int i = 0; i < 4; i++) {
      root.put(
          "w" + i,
          new Hdf5Dataset(Hdf5Type.FLOAT32, Shape.of(1000), Arena.ofAuto().allocate(4000)));
    }
    ByteBuffer file = ByteBuffer.wrap(written(root)).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 96; at < 2000; at++) {
      if (file.getLong(at) == 4000 && file.get(at - 10) == 3) {
        file.putLong(at - 8, 96).putLong(at, 16_000);
      }
      if (file.getLong(at) == 1000) {
        file.putLong(at, 4000);
      }
    }
    assertEquals(
        "a.h5: expected arrays that do not overlap, received bytes=32000 up to /w1. The file is"
            + " damaged or made up; use another copy.",
        refused(file.array()));
  }
}
