package io.kalamos.models;

import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import io.kalamos.models.spi.WholeFile;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/// The file of a run's state, version 1: tensors by name. Numbers are big-endian:
/// - `KALAMOSR`, the version (int), the number of tensors (int)
/// - for each: its name (length as short, modified UTF-8), 4 or 8 for the bytes of a value (byte),
///   its rank (byte), its sizes (int each), its values row-major as float or double
/// - the CRC-32 of all of that (long)
///
/// Nothing is allocated for values that the file is too short to hold.
final class StateFile {
  private static final byte[] MAGIC = {'K', 'A', 'L', 'A', 'M', 'O', 'S', 'R'};
  private static final int VERSION = 1;
  private static final int MOST_AXES = 8;
  private static final int MOST_TENSORS = 1 << 20;

  private StateFile() {}

  static void write(Path file, Map<String, Tensor> tensors) throws IOException {
    WholeFile.write("backup", file, stream -> write(stream, tensors));
  }

  private static void write(OutputStream stream, Map<String, Tensor> tensors) throws IOException {
    CheckedOutputStream checked =
        new CheckedOutputStream(new BufferedOutputStream(stream, 1 << 16), new CRC32());
    DataOutputStream out = new DataOutputStream(checked);
    out.write(MAGIC);
    out.writeInt(VERSION);
    out.writeInt(tensors.size());
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      Tensor tensor = entry.getValue();
      boolean single = tensor.dtype() == DType.FLOAT32;
      out.writeUTF(entry.getKey());
      out.writeByte(single ? Float.BYTES : Double.BYTES);
      out.writeByte(tensor.shape().rank());
      for (int size : tensor.shape().toArray()) {
        out.writeInt(size);
      }
      for (long i = 0; i < tensor.size(); i++) {
        if (single) {
          out.writeFloat((float) tensor.get(i));
        } else {
          out.writeDouble(tensor.get(i));
        }
      }
    }
    out.writeLong(checked.getChecksum().getValue());
    out.flush();
  }

  /// The tensors of a whole file.
  static SequencedMap<String, Tensor> read(Path file) throws IOException {
    try (InputStream stream = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      return read(file, stream);
    } catch (EOFException end) {
      throw damaged(file, "a whole file", "size", Files.size(file) + " bytes");
    }
  }

  private static SequencedMap<String, Tensor> read(Path file, InputStream stream)
      throws IOException {
    CheckedInputStream checked = new CheckedInputStream(stream, new CRC32());
    DataInputStream in = new DataInputStream(checked);
    if (!Arrays.equals(in.readNBytes(MAGIC.length), MAGIC)) {
      throw damaged(file, "a file that begins with KALAMOSR", "begin", "other bytes");
    }
    int version = in.readInt();
    if (version != VERSION) {
      throw damaged(file, "version " + VERSION, "version", version);
    }
    int count = in.readInt();
    if (count < 0 || count > MOST_TENSORS) {
      throw damaged(file, "at most " + MOST_TENSORS + " tensors", "tensors", count);
    }
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      String name = in.readUTF();
      if (tensors.put(name, tensor(file, in)) != null) {
        throw damaged(file, "each name once", "name", name);
      }
    }
    long computed = checked.getChecksum().getValue();
    long stored = in.readLong();
    if (computed != stored) {
      throw damaged(file, "checksum " + computed, "checksum", stored);
    }
    if (in.read() >= 0) {
      throw damaged(file, "the end after the checksum", "rest", "more bytes");
    }
    return tensors;
  }

  private static Tensor tensor(Path file, DataInputStream in) throws IOException {
    int bytes = in.readUnsignedByte();
    if (bytes != Float.BYTES && bytes != Double.BYTES) {
      throw damaged(file, "4 or 8 bytes for a value", "bytes", bytes);
    }
    int rank = in.readUnsignedByte();
    if (rank > MOST_AXES) {
      throw damaged(file, "at most " + MOST_AXES + " axes", "axes", rank);
    }
    int[] sizes = new int[rank];
    long left = Files.size(file) / bytes;
    for (int i = 0; i < rank; i++) {
      sizes[i] = in.readInt();
      if (sizes[i] < 0 || sizes[i] > left) {
        throw damaged(file, "sizes that fit into the file", "size", sizes[i]);
      }
      left /= Math.max(1, sizes[i]);
    }
    boolean single = bytes == Float.BYTES;
    Tensor tensor = Tensor.zeros(single ? DType.FLOAT32 : DType.FLOAT64, Shape.of(sizes));
    for (long i = 0; i < tensor.size(); i++) {
      tensor.set(i, single ? in.readFloat() : in.readDouble());
    }
    return tensor;
  }

  private static IOException damaged(Path file, String expected, String name, Object value) {
    return new IOException(
        "backup "
            + file
            + ": expected "
            + expected
            + ", received "
            + name
            + "="
            + value
            + ". The file is truncated, damaged or of another kind; delete it to begin anew.");
  }
}
