package io.kalamos.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.onnx.Onnx;
import io.kalamos.testkit.Golden;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that Keras wrote, and made-up ones.
class ScanTest {
  @TempDir Path folder;

  private Path golden(String name) throws IOException {
    var file = folder.resolve(Path.of(name).getFileName());
    return Files.write(file, Golden.bytes("files/" + name));
  }

  private static CommandLineRun scan(Path file, String... more) {
    var args = new java.util.ArrayList<>(List.of("scan", file.toString()));
    args.addAll(List.of(more));
    return CommandLineRun.of(args.toArray(String[]::new));
  }

  private static void holds(CommandLineRun run, String... lines) {
    for (var line : lines) {
      assertTrue(
          run.lines().stream().anyMatch(l -> l.strip().replaceAll(" +", " ").equals(line)),
          line + " is not in:\n" + run.out());
    }
  }

  @Test
  void tellsWhatAKerasFileContains() throws IOException {
    var file = golden("cnn.keras");
    var run = scan(file);
    assertEquals(0, run.code(), run.out());
    holds(
        run,
        file + ": zip of Keras 3",
        "keras_version 3.15.1",
        "metadata.json 64 bytes",
        "conv2d Conv2D of keras.layers",
        "dense_1 Dense of keras.layers",
        "optimizer Adam",
        "loss sparse_categorical_crossentropy",
        "metrics accuracy",
        "layers/conv2d/vars/0 float32(3, 3, 1, 3)",
        "Would be loaded.");
    try (var model = io.kalamos.models.Model.load(file)) {
      holds(
          run,
          "%,d parameters, %,d numbers of the optimizer"
              .formatted(model.countParams(), 2 + 2 * (model.countParams() - 6)));
    }
    var json = scan(file, "--json");
    assertEquals(1, json.lines().size());
    assertTrue(
        json.out()
            .startsWith(
                "{\"file\":\""
                    + file
                    + "\",\"kind\":\"zip of Keras 3\",\"about\":{\"keras_version\":\"3.15.1\","),
        json.out());
    assertTrue(
        json.out()
            .contains(
                "{\"path\":\"layers/conv2d/vars/0\",\"dtype\":\"float32\","
                    + "\"shape\":\"(3, 3, 1, 3)\",\"role\":\"weight\"}"),
        json.out());
    assertTrue(json.out().strip().endsWith(",\"refusal\":null}"), json.out());
  }

  @Test
  void tellsModelsFromWeights() throws IOException {
    holds(scan(golden("branches.h5")), folder + "/branches.h5: HDF5 file of a whole model");
    var model = scan(golden("branches.keras"));
    holds(model, "inner Sequential of keras", "inner/dense Dense of keras.layers");
    var run = scan(golden("cnn.weights.h5"));
    assertEquals(0, run.code());
    holds(
        run,
        folder + "/cnn.weights.h5: HDF5 file of weights alone",
        "layers/conv2d/vars/0 float32(3, 3, 1, 3)",
        "Would be loaded into a model of these layers.");
    var text = scan(Files.writeString(folder.resolve("a.txt"), "text"));
    assertEquals(1, text.code());
    holds(text, folder + "/a.txt: other");
    assertTrue(
        text.out()
            .contains("Would be refused: " + folder + "/a.txt: expected a .keras or HDF5 file"),
        text.out());
  }

  @Test
  void tellsWhatBecomesOfAnOnnxFile() throws IOException {
    var file = folder.resolve("digits.onnx");
    try (var model = SavedModels.digits()) {
      Onnx.save(model, file);
    }
    var run = scan(file);
    assertEquals(0, run.code(), run.out());
    holds(run, file + ": ONNX file", "Would be loaded.");
    assertTrue(run.out().contains("float32(784, 10)"), run.out());
    Files.write(file, new byte[] {1, 2, 3});
    var damaged = scan(file);
    assertEquals(1, damaged.code());
    assertTrue(damaged.out().contains("Would be refused: "), damaged.out());
  }

  @Test
  void saysWhyAHostileFileIsRefused() throws IOException {
    var run = scan(golden("hostile/external-link.h5"));
    assertEquals(1, run.code());
    assertTrue(
        run.out()
            .contains(
                "Would be refused: "
                    + folder
                    + "/external-link.h5: expected a file without links to elsewhere, received"
                    + " external link=/layers. Keras writes none; do not trust the file."),
        run.out());
  }

  @Test
  void tellsOfAFileThatIsRefusedAsFarAsItCanBeRead() throws IOException {
    var lambda =
        "{\"module\":\"keras.layers\",\"class_name\":\"Lambda\",\"config\":{\"name\":\"evil\\u001b[2J\","
            + "\"function\":{\"class_name\":\"__lambda__\",\"config\":{\"code\":\"4w==\"}}}}";
    var file =
        changed(
            golden("cnn.keras"),
            Map.of(
                "config.json",
                text ->
                    text.replaceFirst(
                        "\\{\"module\": \"keras.layers\", \"class_name\": \"Rescaling\"",
                        lambda.replace("\\", "\\\\") + ", $0")));
    var run = scan(file);
    assertEquals(1, run.code(), run.out());
    holds(run, "evil\\u001b[2J Lambda of keras.layers", "conv2d Conv2D of keras.layers");
    assertTrue(run.out().contains("Would be refused: " + file), run.out());
    var more = changed(golden("cnn.keras"), Map.of("evil.py", text -> "print()"));
    var other = scan(more);
    assertEquals(1, other.code());
    holds(other, "evil.py 7 bytes, refused");
    assertTrue(other.out().contains("received member=evil.py"), other.out());
  }

  private interface Change {
    String of(String text);
  }

  /// A copy of a zip with some members changed or added.
  private Path changed(Path file, Map<String, Change> changes) throws IOException {
    var members = new LinkedHashMap<String, byte[]>();
    try (var zip = new ZipInputStream(Files.newInputStream(file))) {
      for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        members.put(entry.getName(), zip.readAllBytes());
      }
    }
    changes.forEach(
        (name, change) -> {
          var before = new String(members.getOrDefault(name, new byte[0]), StandardCharsets.UTF_8);
          members.put(name, change.of(before).getBytes(StandardCharsets.UTF_8));
        });
    var out = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(out)) {
      for (var member : members.entrySet()) {
        zip.putNextEntry(new ZipEntry(member.getKey()));
        zip.write(member.getValue());
      }
    }
    return Files.write(folder.resolve("changed.keras"), out.toByteArray());
  }

  @Test
  void saysWhatIsMissing() {
    assertEquals(
        folder + ": expected a file, received a folder. Check the path.",
        scan(folder).err().strip());
    var missing = folder.resolve("missing.keras");
    assertEquals(
        missing + ": expected a file, received no file of this name. Check the path.",
        scan(missing).err().strip());
  }
}
