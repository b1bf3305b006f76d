package io.kalamos.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kalamos.layers.BatchNormalization;
import io.kalamos.layers.Dense;
import io.kalamos.layers.Input;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsFileTest {
  @TempDir Path folder;

  private static Model model() {
    return Sequential.of(Input.of(3), Dense.of(4), BatchNormalization.of(), Dense.of(2));
  }

  private Path saved() throws IOException {
    Path file = folder.resolve("deep/model.weights");
    model().initialize(3).saveWeights(file);
    return file;
  }

  private static String weights(Model model) {
    return model.getWeights().stream().map(ModelTest::box).toList().toString();
  }

  @Test
  void comesBack() throws IOException {
    Model other = model();
    other.loadWeights(saved());
    assertEquals(weights(model().initialize(3)), weights(other));
    try (Stream<Path> files = Files.list(folder.resolve("deep"))) {
      assertEquals(1, files.count());
    }
  }

  @Test
  void everyDamageIsFoundAndChangesNothing() throws IOException {
    byte[] good = Files.readAllBytes(saved());
    Path bad = folder.resolve("bad");
    Model model = model();
    String before = weights(model);
    for (int length = 0; length < good.length; length += 7) {
      Files.write(bad, Arrays.copyOf(good, length));
      assertThrows(IOException.class, () -> model.loadWeights(bad));
    }
    for (int at = 0; at < good.length; at += 5) {
      byte[] wrong = good.clone();
      wrong[at] ^= 0x10;
      Files.write(bad, wrong);
      assertThrows(IOException.class, () -> model.loadWeights(bad), "byte " + at);
    }
    Files.write(bad, Arrays.copyOf(good, good.length + 1));
    assertThrows(IOException.class, () -> model.loadWeights(bad));
    assertEquals(before, weights(model));
  }

  private String message(Path file, Model model) {
    return assertThrows(IOException.class, () -> model.loadWeights(file)).getMessage();
  }

  @Test
  void messages() throws IOException {
    Path file = saved();
    assertEquals(
        "weights file "
            + file
            + ": expected 2 weights, received weights=8. The file belongs to"
            + " another model; load it into one with the same layers.",
        message(file, Sequential.of(Input.of(3), Dense.of(4))));
    Model wider = Sequential.of(Input.of(3), Dense.of(5), BatchNormalization.of(), Dense.of(2));
    assertEquals(
        "weights file "
            + file
            + ": expected dense/kernel of shape (3, 5), received shape=[3, 4]."
            + " The file belongs to another model; load it into one with the same layers.",
        message(file, wider));
    Path none = folder.resolve("none");
    assertEquals(
        "weights file "
            + none
            + ": expected a weights file, received file=none. Check the name and"
            + " the folder.",
        message(none, model()));
    Path cut = folder.resolve("cut");
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(file), 100));
    assertEquals(
        "weights file "
            + cut
            + ": expected a whole file, received size=100 bytes. The file is"
            + " truncated, damaged or of another kind; use another copy.",
        message(cut, model()));
    Path text = folder.resolve("text");
    Files.writeString(text, "not at all weights");
    assertEquals(
        "weights file "
            + text
            + ": expected a file that begins with KALAMOSW, received begin=other"
            + " bytes. The file is truncated, damaged or of another kind; use another copy.",
        message(text, model()));
    Path malformed = folder.resolve("malformed");
    byte[] damaged = Files.readAllBytes(file);
    damaged[18] = (byte) 0xff; // the first letter of the first path
    Files.write(malformed, damaged);
    assertEquals(
        "weights file "
            + malformed
            + ": expected paths and types in modified UTF-8, received error=malformed input"
            + " around byte 0. The file is truncated, damaged or of another kind; use another copy.",
        message(malformed, model()));
  }

  @Test
  void whatCannotBeWrittenSaysSo() throws IOException {
    Path file = folder.resolve("file");
    Files.write(file, List.of("in the way"));
    String message =
        assertThrows(IOException.class, () -> model().saveWeights(file.resolve("model.weights")))
            .getMessage();
    assertTrue(
        message.startsWith(
            "weights file "
                + file.resolve("model.weights")
                + ": expected a folder with room to write to, received error="),
        message);
    assertTrue(message.endsWith("Free space or choose another folder; nothing there was changed."));
  }
}
