package io.kalamos.callbacks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CSVLoggerTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void place() {
    file = folder.resolve("logs/run.csv");
  }

  private static FakeTraining training() {
    return new FakeTraining(2, "loss", "accuracy");
  }

  @Test
  void oneLineForEachEpochInTheOrderOfTheNames() throws IOException {
    training().run(CSVLogger.to(file), new double[] {0.5, 0.9}, new double[] {1e-7, Double.NaN});
    assertEquals("epoch,accuracy,loss\n0,0.9,0.5\n1,NaN,1.0E-7\n", Files.readString(file));
  }

  @Test
  void linesAreThereWhileTrainingRuns() throws IOException {
    List<String> seen = new java.util.ArrayList<>();
    CSVLogger logger = CSVLogger.to(file).separator(";");
    training()
        .run(
            event -> {
              logger.on(event);
              seen.add(read());
            },
            new double[] {1, 2});
    assertEquals(
        List.of("", "", "epoch;accuracy;loss\n0;2.0;1.0\n", "epoch;accuracy;loss\n0;2.0;1.0\n"),
        seen);
  }

  private String read() {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void replacesOrContinues() throws IOException {
    training().run(CSVLogger.to(file), new double[] {1, 2});
    training().run(CSVLogger.to(file).append(), new double[] {3, 4});
    assertEquals("epoch,accuracy,loss\n0,2.0,1.0\n0,4.0,3.0\n", read());
    new FakeTraining(1, "loss").run(CSVLogger.to(file).append(), new double[] {5});
    assertEquals("epoch,accuracy,loss\n0,2.0,1.0\n0,4.0,3.0\n0,NA,5.0\n", read());
    training().run(CSVLogger.to(file), new double[] {1, 2});
    assertEquals("epoch,accuracy,loss\n0,2.0,1.0\n", read());
  }

  @Test
  void continuesAnEmptyOrMissingFile() throws IOException {
    training().run(CSVLogger.to(file).append(), new double[] {1, 2});
    Files.writeString(file, "");
    training().run(CSVLogger.to(file).append(), new double[] {1, 2});
    assertEquals("epoch,accuracy,loss\n0,2.0,1.0\n", read());
  }

  @Test
  void cutsOffALineThatWasNotWrittenToItsEnd() throws IOException {
    training().run(CSVLogger.to(file), new double[] {1, 2});
    Files.writeString(file, read() + "1,0.9");
    training().run(CSVLogger.to(file).append(), new double[] {3, 4});
    assertEquals("epoch,accuracy,loss\n0,2.0,1.0\n0,4.0,3.0\n", read());
  }

  @Test
  void anotherHeaderIsAnErrorBeforeTheFirstEpoch() throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "epoch,loss\n0,1.0\n");
    assertEquals(
        "CSVLogger: expected a file with the columns epoch,accuracy,loss, received file="
            + file
            + " with epoch,loss. Leave append out, or choose another file.",
        assertThrows(
                IllegalArgumentException.class, () -> training().run(CSVLogger.to(file).append()))
            .getMessage());
    assertEquals("epoch,loss\n0,1.0\n", read());
  }

  @Test
  void messages() throws IOException {
    for (String separator : List.of("", "ab", ".", "\n", "7", "-")) {
      assertEquals(
          "CSVLogger: expected one character that numbers and names do not contain, received"
              + " separator="
              + separator
              + ". Use a comma, a semicolon or a tab.",
          assertThrows(
                  IllegalArgumentException.class, () -> CSVLogger.to(file).separator(separator))
              .getMessage());
    }
    Files.createDirectories(file);
    assertEquals(
        "CSVLogger: expected a file that can be written, received file="
            + file
            + " (is a folder). Choose another place, or change its permissions or the space left.",
        assertThrows(UncheckedIOException.class, () -> training().run(CSVLogger.to(file)))
            .getMessage());
  }
}
