package io.kalamos.testkit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/// An array of NumPy: its sizes, and its values in C order; a scalar has no sizes and one value.
///
/// Source: the `.npy` format, versions 1.0 and 2.0.
public sealed interface Npy {
  int[] shape();

  record Floats(int[] shape, float[] values) implements Npy {}

  record Doubles(int[] shape, double[] values) implements Npy {}

  record Ints(int[] shape, int[] values) implements Npy {}

  record Longs(int[] shape, long[] values) implements Npy {}

  record Bytes(int[] shape, byte[] values) implements Npy {}

  /// The values of a float32 array; fails for any other.
  default float[] floats() {
    return switch (this) {
      case Floats array -> array.values();
      case Doubles _, Ints _, Longs _, Bytes _ -> throw isNot("float32", "floats()");
    };
  }

  /// The values of an int32 array; fails for any other.
  default int[] ints() {
    return switch (this) {
      case Ints array -> array.values();
      case Floats _, Doubles _, Longs _, Bytes _ -> throw isNot("int32", "ints()");
    };
  }

  /// NumPy's name of the type of the values.
  default String dtype() {
    return switch (this) {
      case Floats _ -> "float32";
      case Doubles _ -> "float64";
      case Ints _ -> "int32";
      case Longs _ -> "int64";
      case Bytes _ -> "uint8";
    };
  }

  private IllegalStateException isNot(String expected, String method) {
    return new IllegalStateException(
        "Npy."
            + method
            + ": expected "
            + expected
            + ", received dtype="
            + dtype()
            + " shape="
            + Arrays.toString(shape())
            + ". Match the records of Npy instead.");
  }

  /// Reads a whole `.npy` file; `name` stands in the messages.
  static Npy read(String name, byte[] file) {
    return new Reader(name, ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN)).read();
  }

  /// One file, from its magic bytes to its last value.
  record Reader(String name, ByteBuffer in) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final Pattern HEADER =
        Pattern.compile(
            "\\{'descr': '([^']{1,8})', 'fortran_order': (True|False), "
                + "'shape': \\(((?:\\d{1,10}, ?){0,32}(?:\\d{1,10})?)\\),? ?\\}\\s*");

    private Npy read() {
      var header = HEADER.matcher(header());
      if (!header.matches()) {
        throw bad("a header of descr, fortran_order and shape", "header=" + header());
      }
      if (header.group(2).equals("True")) {
        throw bad("C order", "fortran_order=True");
      }
      var shape = shape(header.group(3));
      return switch (header.group(1)) {
        case "<f4" -> {
          var values = new float[count(shape, Float.BYTES)];
          in.asFloatBuffer().get(values);
          yield new Floats(shape, values);
        }
        case "<f8" -> {
          var values = new double[count(shape, Double.BYTES)];
          in.asDoubleBuffer().get(values);
          yield new Doubles(shape, values);
        }
        case "<i4" -> {
          var values = new int[count(shape, Integer.BYTES)];
          in.asIntBuffer().get(values);
          yield new Ints(shape, values);
        }
        case "<i8" -> {
          var values = new long[count(shape, Long.BYTES)];
          in.asLongBuffer().get(values);
          yield new Longs(shape, values);
        }
        case "|u1" -> {
          var values = new byte[count(shape, Byte.BYTES)];
          in.get(values);
          yield new Bytes(shape, values);
        }
        case String other ->
            throw bad("float32, float64, int32, int64 or uint8, little-endian", "descr=" + other);
      };
    }

    private String header() {
      in.position(0);
      var magic = new byte[Math.min(MAGIC.length, in.remaining())];
      in.get(magic);
      if (!Arrays.equals(magic, MAGIC) || in.remaining() < 6) {
        throw bad("the magic bytes of a .npy file", "bytes=" + in.limit());
      }
      int version = in.get();
      in.get();
      if (version != 1 && version != 2) {
        throw bad("version 1 or 2", "version=" + version);
      }
      long length = version == 1 ? in.getShort() & 0xffff : in.getInt() & 0xffffffffL;
      if (length > in.remaining()) {
        throw bad("a header within the file", "length=" + length);
      }
      var text = new byte[(int) length];
      in.get(text);
      return new String(text, StandardCharsets.ISO_8859_1);
    }

    private int[] shape(String text) {
      if (text.isBlank()) {
        return new int[0];
      }
      return Arrays.stream(text.split(",")).map(String::strip).mapToInt(this::size).toArray();
    }

    private int size(String text) {
      var size = Long.parseLong(text);
      if (size > Integer.MAX_VALUE) {
        throw bad("sizes below 2^31", "size=" + size);
      }
      return (int) size;
    }

    /// The number of values, which the rest of the file must hold exactly.
    private int count(int[] shape, int bytes) {
      var total = (long) bytes;
      for (var size : shape) {
        total = Math.min(total * size, 1L << 31);
      }
      if (total != in.remaining()) {
        throw bad("the bytes of shape=" + Arrays.toString(shape), "bytes=" + in.remaining());
      }
      return (int) (total / bytes);
    }

    private IllegalArgumentException bad(String expected, String received) {
      return new IllegalArgumentException(
          name
              + ": expected "
              + expected
              + ", received "
              + received
              + ". Write the array again with numpy.save.");
    }
  }
}
