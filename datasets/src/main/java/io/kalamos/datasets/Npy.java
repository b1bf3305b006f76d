package io.kalamos.datasets;

import io.kalamos.engine.DType;
import io.kalamos.engine.Tensor;
import io.kalamos.models.spi.WholeFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Reads and writes arrays of NumPy, `.npy`: what `numpy.save` writes and `numpy.load` reads.
///
/// float32, float64, int32 and uint8 in C order are used where they lie, as a view of the mapped
/// file; bool becomes uint8, float16 float32, and all other whole numbers int32, where they fit.
/// Files are checked to the last byte before anything is allocated, and refused with a
/// [MalformedDataException]; arrays of Python objects always are.
///
/// Source: `numpy.lib.format`, versions 1.0, 2.0 and 3.0.
public final class Npy {
  private static final int CHUNK = 1 << 20;

  private Npy() {}

  /// Reads a file.
  public static Tensor read(Path file) {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return view(
          file.toString(), channel.map(MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto()));
    } catch (IOException e) {
      throw unreadable(file, "a readable .npy file", e);
    }
  }

  static UncheckedIOException unreadable(Path file, String expected, IOException e) {
    Object received = e instanceof NoSuchFileException ? "no file of this name" : e;
    return new UncheckedIOException(
        "%s: expected %s, received %s. Check path and permissions."
            .formatted(file, expected, received),
        e);
  }

  private static Tensor view(String name, MemorySegment file) throws IOException {
    long most = Math.min(file.byteSize(), NpyHeader.MOST_BYTES + NpyHeader.ALIGNMENT);
    byte[] start = file.asSlice(0, most).toArray(ValueLayout.JAVA_BYTE);
    var header = NpyHeader.read(name, new ByteArrayInputStream(start));
    if (file.byteSize() != header.fileBytes()) {
      throw header.wrongLength(name, Long.toString(file.byteSize()));
    }
    return tensor(name, header, file.asSlice(header.bytes()));
  }

  /// The tensor of these elements, in native memory: a view where it can be one.
  static Tensor tensor(String name, NpyHeader header, MemorySegment elements) {
    boolean aligned =
        header.type().dtype() == DType.UINT8 || elements.address() % Tensor.ALIGNMENT == 0;
    Tensor tensor =
        aligned && header.type().asIs(header.order())
            ? Tensor.view(header.type().dtype(), header.shape(), elements)
            : header.type().tensor(name, elements, header.order(), header.shape());
    return header.fortran() && !FortranOrder.isRowMajor(header.shape())
        ? FortranOrder.rowMajor(tensor)
        : tensor;
  }

  /// Writes a file, which is there whole or not at all; bfloat16 as float32.
  public static void write(Path file, Tensor tensor) {
    whole(file, out -> write(out, tensor));
  }

  /// Writes a whole file of arrays.
  static void whole(Path file, WholeFile.Content content) {
    try {
      WholeFile.write("array", file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  static void write(OutputStream out, Tensor given) throws IOException {
    Tensor tensor = given.dtype() == DType.BFLOAT16 ? given.cast(DType.FLOAT32) : given;
    out.write(NpyHeader.write(NpyType.of(tensor.dtype()), tensor.shape()));
    long bytes = tensor.size() * tensor.dtype().bytes();
    for (long from = 0; from < bytes; from += CHUNK) {
      var part = tensor.memory().asSlice(from, Math.min(CHUNK, bytes - from));
      out.write(part.toArray(ValueLayout.JAVA_BYTE));
    }
  }
}
