package io.kalamos.data;

import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.options.Refusal;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPInputStream;

/// Records of equal length behind a header, as uint8 rows: mapped, or unpacked where the file is
/// gzipped (told by its first bytes).
final class RecordFile {
  private static final int MOST_BYTES_UNPACKED = Integer.MAX_VALUE - 8;

  private RecordFile() {}

  static Stage read(Path file, int headerBytes, int recordBytes) {
    try {
      return records(file.toString(), bytes(file), headerBytes, recordBytes);
    } catch (IOException e) {
      throw new UncheckedIOException(
          file
              + ": expected a readable file of records, received "
              + e
              + ". Check path and permissions.",
          e);
    }
  }

  private static MemorySegment bytes(Path file) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      in.mark(2);
      if (in.read() == 0x1f && in.read() == 0x8b) {
        in.reset();
        return unpacked(in);
      }
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
    }
  }

  private static MemorySegment unpacked(InputStream in) throws IOException {
    byte[] bytes = new GZIPInputStream(in, 1 << 16).readNBytes(MOST_BYTES_UNPACKED);
    MemorySegment memory = Arena.ofAuto().allocate(Math.max(1, bytes.length), Tensor.ALIGNMENT);
    memory.copyFrom(MemorySegment.ofArray(bytes));
    return memory.asSlice(0, bytes.length);
  }

  static Stage records(String name, MemorySegment bytes, int headerBytes, int recordBytes) {
    Refusal.unlessAtLeast(
        "fixedLengthRecords", "headerBytes", headerBytes, 0, "Use 0 for no header.");
    Refusal.unlessAtLeast(
        "fixedLengthRecords", "recordBytes", recordBytes, 1, "Give the bytes of one record.");
    long body = bytes.byteSize() - headerBytes;
    long count = body / recordBytes;
    if (body < 0 || body % recordBytes != 0 || count > Integer.MAX_VALUE) {
      throw Refusal.of(
          name,
          headerBytes + " bytes of header and records of " + recordBytes,
          "bytes",
          bytes.byteSize(),
          "Check headerBytes and recordBytes; an IDX file of images has a header of 16 bytes, one of"
              + " labels of 8.");
    }
    Tensor records =
        Tensor.view(
            DType.UINT8, Shape.of((int) count, recordBytes), bytes.asSlice(headerBytes, body));
    return new Rows(Element.of(records), "fixed_length_records(" + recordBytes + ")");
  }
}
