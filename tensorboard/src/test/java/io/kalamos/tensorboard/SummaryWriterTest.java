package io.kalamos.tensorboard;

import static io.kalamos.tensorboard.EventReader.message;
import static io.kalamos.tensorboard.EventReader.parsed;
import static io.kalamos.tensorboard.EventReader.text;
import static io.kalamos.tensorboard.EventReader.whole;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.UnknownFieldSet;
import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class SummaryWriterTest {
  @TempDir Path folder;

  private EventReader.Value value(java.util.function.Consumer<SummaryWriter> writes)
      throws IOException {
    Path run = Files.createTempDirectory(folder, "run");
    try (SummaryWriter writer = SummaryWriter.to(run)) {
      writes.accept(writer);
      EventReader.Contents contents = EventReader.read(writer.file());
      assertEquals("brain.Event:2", contents.version());
      assertEquals(0, contents.rest());
      assertEquals(1, contents.values().size());
      return contents.values().getFirst();
    }
  }

  @Test
  void checksumsAreThoseOfTheFormat() {
    byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
    // CRC-32C of the nine digits is e3069283, by RFC 3720's polynomial.
    int rotated = Integer.rotateRight(0xe3069283, 15);
    assertEquals(rotated + 0xa282ead8, EventFile.masked(digits, 0, digits.length));
  }

  @Test
  void aNumber() throws IOException {
    EventReader.Value value = value(writer -> writer.scalar("a/loss", 0.25, 7));
    assertEquals(
        List.of(7L, "a/loss", "scalars", 1L, List.of()),
        List.of(value.step(), value.tag(), value.plugin(), value.dataClass(), value.shape()));
    assertArrayEquals(new double[] {0.25}, value.numbers());
  }

  @Test
  void aHistogram() throws IOException {
    EventReader.Value value =
        value(writer -> writer.histogram("spread", new double[] {0, 15, 30, Double.NaN}, 1));
    assertEquals("histograms", value.plugin());
    assertEquals(2, value.dataClass());
    assertEquals(List.of(30L, 3L), value.shape());
    for (int i = 0; i < 30; i++) {
      double count = i == 0 || i == 15 || i == 29 ? 1 : 0;
      double[] bucket = {
        value.numbers()[3 * i], value.numbers()[3 * i + 1], value.numbers()[3 * i + 2]
      };
      assertArrayEquals(new double[] {i, i + 1, count}, bucket, 1e-12, "bucket " + i);
    }
  }

  @Test
  void histogramsOfOneValueAndOfNone() {
    double[] same = Buckets.of(new double[] {2, 2, 2}, 3);
    assertArrayEquals(new double[] {2, 2, 0, 2, 2, 0, 2, 2, 3}, same);
    assertArrayEquals(new double[9], Buckets.of(new double[] {Double.NaN}, 3));
    assertArrayEquals(
        new double[] {-1, 0, 1, 0, 1, 2}, Buckets.of(new float[] {-1, 0, 1}, 2), 1e-12);
  }

  @Test
  void imagesHaveTheirPixels() throws IOException {
    int[] types = {
      BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_CUSTOM, BufferedImage.TYPE_3BYTE_BGR, 6
    };
    for (int channels = 1; channels <= 4; channels++) {
      Tensor pictures = Tensor.zeros(DType.UINT8, Shape.of(4, 2, 3, channels));
      pictures.fill(i -> i * 5 % 256);
      EventReader.Value value = value(writer -> writer.image("picture", pictures, 2));
      assertEquals("images", value.plugin());
      assertEquals(3, value.dataClass());
      assertEquals(List.of(5L), value.shape());
      assertEquals("3", new String(value.texts().get(0), StandardCharsets.UTF_8));
      assertEquals("2", new String(value.texts().get(1), StandardCharsets.UTF_8));
      BufferedImage second = ImageIO.read(new ByteArrayInputStream(value.texts().get(3)));
      assertEquals(types[channels - 1], second.getType(), channels + " channels");
      int[] pixels = second.getRaster().getPixels(0, 0, 3, 2, (int[]) null);
      for (int i = 0; i < pixels.length; i++) {
        assertEquals((int) pictures.get(6L * channels + i), pixels[i], channels + " channels");
      }
    }
  }

  @Test
  void numbersBecomePixelsAsInTensorFlow() throws IOException {
    Tensor row = Tensor.of(new float[] {-1, 0, 0.5f, 1, 2, Float.NaN}, 1, 1, 6, 1);
    EventReader.Value value = value(writer -> writer.image("picture", row, 0));
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(value.texts().get(2)));
    assertArrayEquals(
        new int[] {0, 0, 127, 255, 255, 0}, image.getRaster().getPixels(0, 0, 6, 1, (int[]) null));
  }

  @Test
  void aText() throws IOException {
    EventReader.Value value = value(writer -> writer.text("remark", "*é*", 3));
    assertEquals(List.of("text", 2L), List.of(value.plugin(), value.dataClass()));
    assertEquals("*é*", new String(value.texts().getFirst(), StandardCharsets.UTF_8));
  }

  @Test
  void hyperparameters() throws IOException {
    EventReader.Value start =
        value(writer -> writer.hparams(Map.of("units", 32, "kind", "relu", "bias", true), "t1"));
    assertEquals("_hparams_/session_start_info", start.tag());
    UnknownFieldSet info = message(UnknownFieldSet.parseFrom(start.content()), 3);
    assertEquals("t1", text(info, 4));
    assertEquals(3, info.getField(1).getLengthDelimitedList().size());
    UnknownFieldSet units = parsed(info.getField(1).getLengthDelimitedList().get(2));
    assertEquals("units", text(units, 1));
    assertEquals(
        Double.doubleToLongBits(32), message(units, 2).getField(2).getFixed64List().getFirst());

    EventReader.Value end = value(writer -> writer.sessionEnd(SessionStatus.FAILURE));
    assertEquals(2, whole(message(UnknownFieldSet.parseFrom(end.content()), 4), 1));

    EventReader.Value all =
        value(
            writer ->
                writer.experiment(
                    List.of(HParam.of("units", 16, 32).description("neurons"), HParam.of("any")),
                    List.of(HParamMetric.of("epoch_accuracy", "validation"))));
    UnknownFieldSet experiment = message(UnknownFieldSet.parseFrom(all.content()), 2);
    UnknownFieldSet first = parsed(experiment.getField(4).getLengthDelimitedList().getFirst());
    assertEquals(List.of("units", "neurons"), List.of(text(first, 1), text(first, 3)));
    assertEquals(3, whole(first, 4));
    UnknownFieldSet metric = message(message(experiment, 5), 1);
    assertEquals(
        List.of("validation", "epoch_accuracy"), List.of(text(metric, 1), text(metric, 2)));
  }

  @Test
  void equalHyperparametersAreOneTrial() {
    assertEquals(HParams.trial(Map.of("a", 1, "b", 2)), HParams.trial(Map.of("b", 2, "a", 1)));
    assertNotEquals(HParams.trial(Map.of("a", 1)), HParams.trial(Map.of("a", 2)));
  }

  @Test
  void aFileThatIsThereStays() throws IOException {
    try (SummaryWriter first = SummaryWriter.to(folder)) {
      first.scalar("loss", 1, 0);
      byte[] before = Files.readAllBytes(first.file());
      try (SummaryWriter second = SummaryWriter.to(folder)) {
        second.scalar("loss", 2, 1);
        assertNotEquals(first.file(), second.file());
      }
      assertArrayEquals(before, Files.readAllBytes(first.file()));
      assertTrue(
          first.file().getFileName().toString().matches("events\\.out\\.tfevents\\.\\d{10}\\..*"));
    }
  }

  @Test
  void whatIsWrongIsSaid() throws IOException {
    SummaryWriter writer = SummaryWriter.to(folder);
    refused(
        "SummaryWriter: expected a tag of printable characters, received tag=\" \". Use a name such"
            + " as loss or dense/kernel.",
        () -> writer.scalar(" ", 1, 0));
    refused(
        "SummaryWriter: expected a tag of printable characters, received tag=\"a?b\". Use a name"
            + " such as loss or dense/kernel.",
        () -> writer.scalar("a\nb", 1, 0));
    refused(
        "SummaryWriter: expected a tag of printable characters, received tag=\"?\". Use a name such"
            + " as loss or dense/kernel.",
        () -> writer.scalar("\ud800", 1, 0));
    refused(
        "SummaryWriter: loss: expected step of 0 or more, received step=-1. Count steps from 0.",
        () -> writer.scalar("loss", 1, -1));
    writer.scalar("loss", 1, 0);
    refused(
        "SummaryWriter: loss: expected values of one kind under a tag, here scalars, received"
            + " kind=text. Use another tag: TensorBoard would show the first kind alone.",
        () -> writer.text("loss", "high", 0));
    refused(
        "SummaryWriter: photo: expected images of shape (images, height, width, channels) with 1 to"
            + " 4 channels, received shape=(28, 28). Reshape the tensor: images.reshape(1, 28, 28,"
            + " 1) is one grey image.",
        () -> writer.image("photo", Tensor.zeros(DType.FLOAT32, Shape.of(28, 28)), 0));
    refused(
        "SummaryWriter: photo: expected uint8, or numbers from 0 to 1, received dtype=int32. Cast"
            + " the tensor.",
        () -> writer.image("photo", Tensor.zeros(DType.INT32, Shape.of(1, 2, 2, 1)), 0));
    refused(
        "SummaryWriter: photo: expected maxOutputs of 1 or more, received maxOutputs=0. Write one"
            + " image at least.",
        () -> writer.image("photo", Tensor.zeros(DType.FLOAT32, Shape.of(1, 2, 2, 1)), 0, 0));
    refused(
        "hparams: expected a text, a number or a boolean, received value=[1]. Write it as a text.",
        () -> writer.hparams(Map.of("sizes", List.of(1))));
    refused(
        "HParam: expected values of one kind: texts, numbers or booleans, received values=[1, a]."
            + " Write all of them as texts, or divide them.",
        () -> HParam.of("mixed", 1, "a"));
    refused(
        "HParam: expected min <= max, received min=2.0, max=1.0. Swap them.",
        () -> HParam.between("rate", 2, 1));
    refused(
        "HParam: expected a name that is not blank, received name=\"\". Name it.",
        () -> HParam.of(""));
    writer.close();
    IllegalStateException late =
        assertThrows(IllegalStateException.class, () -> writer.scalar("loss", 1, 1));
    assertEquals(
        "SummaryWriter: loss: expected an open writer, received writer=closed. Write before"
            + " close().",
        late.getMessage());
  }

  @Test
  void aPlaceThatCannotBeWritten() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "text");
    UncheckedIOException problem =
        assertThrows(UncheckedIOException.class, () -> SummaryWriter.to(file));
    assertEquals(
        "SummaryWriter: expected a folder that can be written, received folder="
            + file
            + " ("
            + file
            + " is a file). Choose another place, or change its permissions or the space left.",
        problem.getMessage());
    assertEquals("text", Files.readString(file));
  }

  private static void refused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
