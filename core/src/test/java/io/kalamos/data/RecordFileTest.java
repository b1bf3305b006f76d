package io.kalamos.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordFileTest {
  private static final byte[] BYTES = {9, 9, 1, 2, 3, 4, 5, (byte) 200};

  @TempDir Path folder;

  private static List<String> records(Path file) {
    return Dataset.fixedLengthRecords(file, 2, 3).toList().stream()
        .map(element -> element + Arrays.toString(element.input().toDoubles()))
        .toList();
  }

  @Test
  void recordsLieBehindTheHeader() throws IOException {
    List<String> wanted = List.of("x=[uint8(3,)][1.0, 2.0, 3.0]", "x=[uint8(3,)][4.0, 5.0, 200.0]");
    assertEquals(wanted, records(Files.write(folder.resolve("plain"), BYTES)));
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(BYTES);
    }
    assertEquals(wanted, records(Files.write(folder.resolve("packed"), packed.toByteArray())));
  }

  @Test
  void wrongSizesAreRefused() throws IOException {
    Path file = Files.write(folder.resolve("plain"), BYTES);
    refused(file, 1, 3, "expected 1 bytes of header and records of 3, received bytes=8");
    refused(file, 9, 3, "expected 9 bytes of header and records of 3, received bytes=8");
    assertEquals(0, Dataset.fixedLengthRecords(file, 8, 3).cardinality());
    assertEquals(
        "fixedLengthRecords: expected headerBytes of 0 or more, received headerBytes=-1. Use 0 for"
            + " no header.",
        assertThrows(IllegalArgumentException.class, () -> Dataset.fixedLengthRecords(file, -1, 3))
            .getMessage());
    assertEquals(
        "fixedLengthRecords: expected recordBytes of 1 or more, received recordBytes=0. Give the"
            + " bytes of one record.",
        assertThrows(IllegalArgumentException.class, () -> Dataset.fixedLengthRecords(file, 0, 0))
            .getMessage());
    Path none = folder.resolve("none");
    assertEquals(
        none
            + ": expected a readable file of records, received"
            + " java.nio.file.NoSuchFileException: "
            + none
            + ". Check path and permissions.",
        assertThrows(UncheckedIOException.class, () -> Dataset.fixedLengthRecords(none, 0, 1))
            .getMessage());
  }

  private static void refused(Path file, int header, int record, String what) {
    assertEquals(
        file
            + ": "
            + what
            + ". Check headerBytes and recordBytes; an IDX file of images has a header of 16 bytes,"
            + " one of labels of 8.",
        assertThrows(
                IllegalArgumentException.class,
                () -> Dataset.fixedLengthRecords(file, header, record))
            .getMessage());
  }
}
