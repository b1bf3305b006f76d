package io.kalamos.models;

import io.kalamos.engine.DType;
import io.kalamos.engine.Tensor;
import io.kalamos.engine.Variable;
import io.kalamos.models.spi.WholeFile;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UTFDataFormatException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;

/// The own file format of weights, version 1. Numbers are big-endian:
/// - `KALAMOSW`, the version (int), the number of weights (int)
/// - for each weight: its path (length as short, modified UTF-8), its type's name (the same), its
///   rank (byte), its sizes (int each), its values row-major in the type's bytes
/// - the CRC-32 of all of that (long)
final class WeightsFile {
  private static final byte[] MAGIC = {'K', 'A', 'L', 'A', 'M', 'O', 'S', 'W'};
  private static final byte[] HDF5 = {(byte) 0x89, 'H', 'D', 'F'};
  private static final byte[] ZIP = {'P', 'K', 3, 4};
  private static final int VERSION = 1;
  private static final int MOST_AXES = 8;

  private WeightsFile() {}

  static void write(Path file, Weights weights) throws IOException {
    WholeFile.write("weights file", file, stream -> write(stream, weights.all()));
  }

  /// Whether a file begins as Keras's formats do: HDF5 or a zip.
  static boolean foreign(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream stream = Files.newInputStream(file)) {
      byte[] begin = stream.readNBytes(4);
      return Arrays.equals(begin, HDF5) || Arrays.equals(begin, ZIP);
    }
  }

  private static void write(OutputStream stream, List<Variable> variables) throws IOException {
    CheckedOutputStream checked =
        new CheckedOutputStream(new BufferedOutputStream(stream, 1 << 16), new CRC32());
    DataOutputStream out = new DataOutputStream(checked);
    out.write(MAGIC);
    out.writeInt(VERSION);
    out.writeInt(variables.size());
    for (Variable variable : variables) {
      out.writeUTF(variable.path());
      out.writeUTF(variable.dtype().toString());
      out.writeByte(variable.shape().rank());
      for (int size : variable.shape().toArray()) {
        out.writeInt(size);
      }
      values(out, variable.value());
    }
    out.writeLong(checked.getChecksum().getValue());
    out.flush();
  }

  private static void values(DataOutputStream out, Tensor tensor) throws IOException {
    for (long i = 0; i < tensor.size(); i++) {
      double value = tensor.get(i);
      if (tensor.dtype() == DType.FLOAT64) {
        out.writeDouble(value);
      } else {
        out.writeFloat((float) value);
      }
    }
  }

  /// Reads all weights, and gives them to the model only where everything fits.
  static void read(Path file, Weights weights) throws IOException {
    List<Variable> variables = weights.all();
    if (!Files.isRegularFile(file)) {
      throw new IOException(
          message(file, "a weights file", "file", "none") + ". Check the name and the folder.");
    }
    List<Tensor> values;
    try (InputStream stream = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      values = read(file, stream, variables);
    } catch (EOFException end) {
      throw damaged(file, "a whole file", "size", Files.size(file) + " bytes");
    } catch (UTFDataFormatException malformed) {
      throw damaged(file, "paths and types in modified UTF-8", "error", malformed.getMessage());
    }
    weights.assign(values);
  }

  private static List<Tensor> read(Path file, InputStream stream, List<Variable> variables)
      throws IOException {
    CheckedInputStream checked = new CheckedInputStream(stream, new CRC32());
    DataInputStream in = new DataInputStream(checked);
    byte[] magic = in.readNBytes(MAGIC.length);
    if (!Arrays.equals(magic, MAGIC)) {
      throw damaged(file, "a file that begins with KALAMOSW", "begin", "other bytes");
    }
    int version = in.readInt();
    if (version != VERSION) {
      throw damaged(file, "version " + VERSION, "version", version);
    }
    int count = in.readInt();
    if (count != variables.size()) {
      throw other(file, variables.size() + " weights", "weights", count);
    }
    List<Tensor> values = new ArrayList<>();
    for (Variable variable : variables) {
      values.add(read(file, in, variable));
    }
    long computed = checked.getChecksum().getValue();
    long stored = in.readLong();
    if (computed != stored) {
      throw damaged(file, "checksum " + computed, "checksum", stored);
    }
    if (in.read() >= 0) {
      throw damaged(file, "the end after the checksum", "rest", "more bytes");
    }
    return values;
  }

  private static Tensor read(Path file, DataInputStream in, Variable variable) throws IOException {
    String path = in.readUTF();
    String type = in.readUTF();
    int rank = in.readUnsignedByte();
    if (rank > MOST_AXES) {
      throw damaged(file, "at most " + MOST_AXES + " axes", "axes", rank);
    }
    int[] sizes = new int[rank];
    for (int i = 0; i < rank; i++) {
      sizes[i] = in.readInt();
    }
    if (!path.equals(variable.path())) {
      throw other(file, variable.path(), "path", path);
    }
    if (!Arrays.equals(sizes, variable.shape().toArray())) {
      throw other(
          file, variable.path() + " of shape " + variable.shape(), "shape", Arrays.toString(sizes));
    }
    boolean wide = type.equals(DType.FLOAT64.toString());
    if (!wide && !type.equals(DType.FLOAT32.toString())) {
      throw damaged(file, "float32 or float64", "type", type);
    }
    Tensor values = Tensor.zeros(variable.dtype(), variable.shape());
    for (long i = 0; i < values.size(); i++) {
      values.set(i, wide ? in.readDouble() : in.readFloat());
    }
    return values;
  }

  private static IOException damaged(Path file, String expected, String name, Object value) {
    return new IOException(
        message(file, expected, name, value)
            + ". The file is truncated, damaged or of another kind; use another copy.");
  }

  private static IOException other(Path file, String expected, String name, Object value) {
    return new IOException(
        message(file, expected, name, value)
            + ". The file belongs to another model; load it into one with the same layers.");
  }

  private static String message(Path file, String expected, String name, Object value) {
    return "weights file " + file + ": expected " + expected + ", received " + name + "=" + value;
  }
}
