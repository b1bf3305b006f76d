package io.kalamos.datasets;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.nio.ByteOrder.BIG_ENDIAN;

import io.kalamos.engine.DType;
import io.kalamos.engine.Tensor;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// Reads IDX files, the format of MNIST: unsigned bytes, ints, floats and doubles of up to 8 axes.
///
/// Bytes stay where they lie (the tensor is a view of the mapped file); wider types are big-endian
/// in the file and are converted. Files are checked to the last byte: a file with too few or too
/// many is refused with a [MalformedDataException].
///
/// Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits".
public final class Idx {
  static final String COPY_AGAIN = "Copy or download the file again.";

  private static final int MOST_BYTES_IN_STREAM = Integer.MAX_VALUE - 8;

  private static final ValueLayout.OfInt BIG_INT = JAVA_INT_UNALIGNED.withOrder(BIG_ENDIAN);
  private static final ValueLayout.OfLong BIG_LONG = JAVA_LONG_UNALIGNED.withOrder(BIG_ENDIAN);

  private Idx() {}

  /// Reads a file, gzipped or not (told by its first bytes, not by its name).
  public static Tensor read(Path file) {
    try {
      if (isGzip(file)) {
        try (var in = Files.newInputStream(file)) {
          return read(file.toString(), in);
        }
      }
      try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
        return view(
            file.toString(), channel.map(MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "%s: expected a readable IDX file, received %s. Check path and permissions."
              .formatted(file, e),
          e);
    }
  }

  /// Reads a stream to its end, gzipped or not; `name` stands for it in messages.
  public static Tensor read(String name, InputStream in) throws IOException {
    var buffered = new BufferedInputStream(in, 1 << 16);
    buffered.mark(2);
    boolean gzip = buffered.read() == 0x1f && buffered.read() == 0x8b;
    buffered.reset();
    if (!gzip) {
      return readPlain(name, buffered);
    }
    try {
      return readPlain(name, new GZIPInputStream(buffered, 1 << 16));
    } catch (ZipException | EOFException e) {
      throw new MalformedDataException(
          "%s: expected whole gzip data, received damaged or incomplete data (%s). %s"
              .formatted(name, e.getMessage(), COPY_AGAIN),
          e);
    }
  }

  /// Reads the bytes of a whole file in native memory; unsigned bytes are not copied.
  public static Tensor view(String name, MemorySegment bytes) {
    var header = IdxHeader.of(name, bytes);
    if (bytes.byteSize() != header.fileBytes()) {
      throw wrongLength(name, header, Long.toString(bytes.byteSize()));
    }
    return tensor(header, bytes.asSlice(header.bytes()));
  }

  private static boolean isGzip(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return in.read() == 0x1f && in.read() == 0x8b;
    }
  }

  // The header is believed only as far as bytes really come: the array grows with them.
  private static Tensor readPlain(String name, InputStream in) throws IOException {
    byte[] start = in.readNBytes(4);
    int axes = start.length < 4 ? 0 : Math.min(start[3] & 0xff, 8);
    byte[] head = Arrays.copyOf(start, start.length + 4 * axes);
    int headBytes = start.length + in.readNBytes(head, start.length, 4 * axes);
    var header = IdxHeader.of(name, MemorySegment.ofArray(head).asSlice(0, headBytes));
    long expected = header.fileBytes() - header.bytes();
    if (expected > MOST_BYTES_IN_STREAM) {
      throw new MalformedDataException(
          "%s: expected at most %d bytes in a gzipped file or stream, received %s%s of %d bytes. Unpack the file and read it by its path."
              .formatted(name, MOST_BYTES_IN_STREAM, header.dtype(), header.shape(), expected));
    }
    byte[] body = in.readNBytes((int) expected);
    if (body.length < expected) {
      throw wrongLength(name, header, Long.toString(headBytes + (long) body.length));
    }
    if (in.read() >= 0) {
      throw wrongLength(name, header, "more");
    }
    var memory = Arena.ofAuto().allocate(Math.max(1, body.length), Tensor.ALIGNMENT);
    memory.copyFrom(MemorySegment.ofArray(body));
    return tensor(header, memory);
  }

  private static MalformedDataException wrongLength(
      String name, IdxHeader header, String received) {
    return new MalformedDataException(
        "%s: expected %d bytes for %s%s with its header, received bytes=%s. %s"
            .formatted(
                name, header.fileBytes(), header.dtype(), header.shape(), received, COPY_AGAIN));
  }

  private static Tensor tensor(IdxHeader header, MemorySegment elements) {
    if (header.dtype() == DType.UINT8) {
      return Tensor.view(header.dtype(), header.shape(), elements);
    }
    var tensor = Tensor.zeros(header.dtype(), header.shape());
    var memory = tensor.memory();
    if (header.dtype().bytes() == 4) {
      MemorySegment.copy(elements, BIG_INT, 0, memory, JAVA_INT_UNALIGNED, 0, tensor.size());
    } else {
      MemorySegment.copy(elements, BIG_LONG, 0, memory, JAVA_LONG_UNALIGNED, 0, tensor.size());
    }
    return tensor;
  }
}
