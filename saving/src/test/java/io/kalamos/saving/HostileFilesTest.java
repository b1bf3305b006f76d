package io.kalamos.saving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.activations.Activations;
import io.kalamos.engine.Tensor;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Input;
import io.kalamos.models.Model;
import io.kalamos.models.Sequential;
import io.kalamos.testkit.Golden;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole models that are made up or damaged: each is refused at once, by name, without memory of
/// the size that it claims.
class HostileFilesTest {
  private static final String MADE_UP = "The file is made up; do not trust it.";

  @TempDir Path folder;
  private Path good;
  private Path bad;

  @BeforeEach
  void model() throws IOException {
    good = folder.resolve("good.keras");
    bad = folder.resolve("bad.keras");
    Sequential.of(Input.of(2), Dense.of(3).activation(Activations.RELU), Dense.of(2)).save(good);
  }

  private static String refused(Path file) {
    return assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () ->
            assertThrows(IOException.class, () -> Model.load(file, FileCase::quiet)).getMessage());
  }

  /// The members of the good file.
  private Map<String, byte[]> members() throws IOException {
    Map<String, byte[]> members = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(good.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        members.put(entry.getName(), zip.getInputStream(entry).readAllBytes());
      }
    }
    return members;
  }

  private Path zip(Map<String, byte[]> members) throws IOException {
    return Files.write(bad, packed(members));
  }

  private static byte[] packed(Map<String, byte[]> members) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, byte[]> member : members.entrySet()) {
        zip.putNextEntry(new ZipEntry(member.getKey()));
        zip.write(member.getValue());
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  /// A file with another configuration.
  private Path config(String config) throws IOException {
    Map<String, byte[]> members = members();
    members.put("config.json", config.getBytes(StandardCharsets.UTF_8));
    return zip(members);
  }

  private String config() throws IOException {
    return new String(members().get("config.json"), StandardCharsets.UTF_8);
  }

  @Test
  void packedAnewItIsRead() throws IOException {
    assertEquals(17, Model.load(zip(members())).countParams());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../evil.json",
        "/etc/passwd",
        "assets/../../x",
        "assets/vocabulary.txt",
        "model.weights.npz",
        "C:\\x"
      })
  void otherMembers(String name) throws IOException {
    Map<String, byte[]> members = members();
    members.put(name, new byte[3]);
    assertEquals(
        bad
            + ": expected members out of [config.json, kalamos.json, metadata.json,"
            + " model.weights.h5], received member="
            + name
            + ". Models with files of their own cannot be read, nor weights in other formats.",
        refused(zip(members)));
  }

  @Test
  void tooManyMembers() throws IOException {
    Map<String, byte[]> members = members();
    for (int i = 0; i < 50_000; i++) {
      members.put("assets/" + i, new byte[0]);
    }
    assertEquals(
        bad
            + ": expected at most 8 members, received members=50003. Keras writes three; do not"
            + " trust the file.",
        refused(zip(members)));
  }

  @Test
  void missingMembers() throws IOException {
    Map<String, byte[]> members = members();
    members.remove("model.weights.h5");
    assertEquals(
        bad
            + ": expected a zip that Keras wrote, with model.weights.h5, received"
            + " members=[metadata.json, config.json]. Use a .keras file of Keras 3, or of"
            + " TensorFlow 2.12 or newer.",
        refused(zip(members)));
  }

  /// Two members of one name: another program might read the other one.
  @Test
  void membersThatAreThereTwice() throws IOException {
    Map<String, byte[]> members = members();
    members.put("config.jsoN", "{}".getBytes(StandardCharsets.UTF_8));
    byte[] packed = packed(members);
    String text = new String(packed, StandardCharsets.ISO_8859_1);
    Files.write(
        bad, text.replace("config.jsoN", "config.json").getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(
        bad + ": expected each member once, received twice=config.json. " + MADE_UP, refused(bad));
  }

  @Test
  void bombs() throws IOException {
    for (String name : new String[] {"model.weights.h5", "config.json"}) {
      Map<String, byte[]> members = members();
      members.put(name, new byte[100 << 20]);
      String message = refused(zip(members));
      assertTrue(
          message.startsWith(
              bad
                  + ": expected members at most 50 times as large as packed, received "
                  + name
                  + "=104857600 bytes in "),
          message);
      assertTrue(
          message.endsWith(". The file is made up to exhaust the memory; do not trust it."),
          message);
    }
  }

  /// Noise packs badly, so that the size alone must refuse it.
  @Test
  void endlessTexts() throws IOException {
    Map<String, byte[]> members = members();
    byte[] noise = new byte[65 << 20];
    new Random(1).nextBytes(noise);
    members.put("config.json", noise);
    assertEquals(
        bad
            + ": expected config.json of at most 67108864 bytes, received bytes=68157440. "
            + MADE_UP,
        refused(zip(members)));
  }

  /// Sizes in the zip's directory that are not those of the members.
  @Test
  void forgedSizes() throws IOException {
    byte[] packed = packed(members());
    ByteBuffer zip = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN);
    int entry = 0;
    for (int at = 0; at < packed.length - 46; at++) {
      boolean weights =
          zip.getInt(at) == 0x02014b50 && zip.getShort(at + 28) == "model.weights.h5".length();
      entry = weights ? at : entry;
    }
    int size = zip.getInt(entry + 24);
    for (int forged : new int[] {size - 8, size + 8, 0, 900_000}) {
      Files.write(bad, zip.putInt(entry + 24, forged).array());
      String message = refused(bad);
      assertTrue(
          message.startsWith(
              bad + ": expected model.weights.h5 as it was written, received error="),
          message);
    }
    Files.write(bad, zip.putInt(entry + 24, Integer.MAX_VALUE).array());
    assertTrue(refused(bad).contains("at most 50 times"), refused(bad));
  }

  @Test
  void everyTruncationIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(good);
    for (int size = 0; size < whole.length; size++) {
      Files.write(bad, Arrays.copyOf(whole, size));
      String message = refused(bad);
      String expected = size < 4 ? "a .keras or HDF5 file" : "a whole zip";
      assertTrue(message.startsWith(bad + ": expected " + expected), message);
    }
  }

  /// A checksum covers each member, so only what does not matter may go unseen.
  @Test
  void damageIsFound() throws IOException {
    byte[] whole = Files.readAllBytes(good);
    String before =
        Model.load(good).getWeights().stream().map(HostileFilesTest::bits).toList() + "";
    Random random = new Random(1);
    int refusals = 0;
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(bad, damaged);
      try {
        Model model = Model.load(bad);
        assertEquals(before, model.getWeights().stream().map(HostileFilesTest::bits).toList() + "");
      } catch (IOException refusal) {
        assertTrue(refusal.getMessage().startsWith(bad + ": "), refusal.getMessage());
        refusals++;
      }
    }
    assertTrue(refusals > whole.length * 0.8, "refusals=" + refusals);
  }

  private static String bits(Tensor tensor) {
    return Arrays.toString(tensor.toFloats());
  }

  /// Layers beyond what the file brings, one alone or all together.
  @Test
  void shapesBeyondTheFile() throws IOException {
    String expected =
        ": expected weights of 68 bytes in all, as the file holds, received shape=(2, %s). The"
            + " configuration asks for more than the file brings; do not trust the file.";
    for (String units : new String[] {"2000000000", "100000", "9"}) {
      String message = refused(config(config().replace("\"units\":3", "\"units\":" + units)));
      assertEquals(bad + ": dense/kernel" + String.format(expected, units), message);
    }
  }

  @Test
  void depths() throws IOException {
    String message = refused(config("{\"a\":".repeat(100_000) + "1" + "}".repeat(100_000)));
    assertEquals(
        bad
            + ": config.json: expected JSON, received error=Document nesting depth (257) exceeds the"
            + " maximum allowed (256, from `StreamReadConstraints.getMaxNestingDepth()`). The file"
            + " is damaged or made up; use another copy.",
        message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{\"a\":1,\"a\":2}", "{} {}", "{\"a\":", "nothing", "1"})
  void textsThatAreNoConfiguration(String config) throws IOException {
    String message = refused(config(config));
    assertTrue(message.startsWith(bad + ": config.json: expected "), message);
  }

  /// Whatever stands where something else is expected.
  @Test
  void configurationsOfNonsense() throws IOException {
    String config = config();
    String[] nonsense = {"null", "[]", "{}", "-1", "1e400", "\"\"", "[[[]]]", "true"};
    Random random = new Random(3);
    int refusals = 0;
    for (int at = 0; at < config.length(); at++) {
      if (config.charAt(at) != ':') {
        continue;
      }
      int end = at + 1;
      while (",}]".indexOf(config.charAt(end)) < 0) {
        end++;
      }
      String other = nonsense[random.nextInt(nonsense.length)];
      try {
        Model.load(
            config(config.substring(0, at + 1) + other + config.substring(end)),
            l -> FileCase.quiet(l));
      } catch (IOException refusal) {
        refusals++;
      }
    }
    assertTrue(refusals > 20, "refusals=" + refusals);
  }

  @Test
  void classesOfOthers() throws IOException {
    for (String kind :
        new String[] {"TFSMLayer", "TorchModuleWrapper", "System", "java.lang.Runtime"}) {
      String message =
          refused(
              config(
                  config()
                      .replaceFirst(
                          "\"class_name\":\"Dense\"", "\"class_name\":\"" + kind + "\"")));
      assertTrue(message.startsWith(bad + ": ") && message.contains(kind), message);
    }
  }

  /// The same guards for the older format.
  @Test
  void shapesBeyondAnOlderFile() throws IOException {
    Path old = folder.resolve("old.h5");
    Model.load(good).save(old);
    Hdf5Group root = Hdf5Reader.read(old);
    String config = root.text("model_config").orElseThrow();
    Hdf5Group forged = new Hdf5Group();
    forged.children().putAll(root.children());
    forged.attribute("model_config", config.replace("\"units\":3", "\"units\":1000000000"));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Hdf5Writer.write(forged, bytes);
    Files.write(bad, bytes.toByteArray());
    assertEquals(
        bad
            + ": dense/kernel: expected weights of 68 bytes in all, as the file holds, received"
            + " shape=(2, 1000000000). The configuration asks for more than the file brings; do not"
            + " trust the file.",
        refused(bad));
    for (int size = 8; size < bytes.size(); size++) {
      Files.write(bad, Arrays.copyOf(bytes.toByteArray(), size));
      String message = refused(bad);
      assertTrue(message.startsWith(bad + ": expected "), message);
    }
  }

  /// Weights within the zip that lead elsewhere are refused as a file of weights is.
  @Test
  void hostileWeightsWithin() throws IOException {
    Map<String, byte[]> members = members();
    members.put("model.weights.h5", Golden.bytes("files/hostile/external-link.h5"));
    assertEquals(
        bad
            + ": model.weights.h5: expected a file without links to elsewhere, received external"
            + " link=/layers. Keras writes none; do not trust the file.",
        refused(zip(members)));
    Path weights = folder.resolve("bad.weights.h5");
    Files.write(weights, Golden.bytes("files/hostile/external-array.h5"));
    assertEquals(
        weights
            + ": expected arrays that lie in the file, received external array=/weights. Keras"
            + " writes none; do not trust the file.",
        assertThrows(IOException.class, () -> Model.load(good).loadWeights(weights)).getMessage());
  }

  /// What was written is looked at before it takes its place.
  @Test
  void whatChangedOnTheWayIsSeen() throws IOException {
    Hdf5Group one = new Hdf5Group().attribute("name", "a");
    one.put("layers/0", Hdf5Dataset.of(Hdf5Type.FLOAT32, 1));
    Hdf5Group two = new Hdf5Group().attribute("name", "a");
    two.put("layers/0", Hdf5Dataset.of(Hdf5Type.FLOAT32, Math.nextUp(1f)));
    assertEquals(
        "a.h5: expected the bits that were written, received different=/layers/0. The disk is"
            + " damaged, or the model changed while it was saved; save it again.",
        assertThrows(IOException.class, () -> one.check("a.h5", two)).getMessage());
    assertThrows(IOException.class, () -> one.check("a.h5", new Hdf5Group()));
  }
}
