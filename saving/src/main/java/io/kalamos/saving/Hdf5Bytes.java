package io.kalamos.saving;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A part of an HDF5 file: every access is checked against its bounds and counted.
final class Hdf5Bytes {
  /// The file is not what it says.
  static final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1;

    private Malformed(String message) {
      super(message);
    }
  }

  static final long UNDEFINED = -1;
  static final String DAMAGED = "The file is damaged or made up; use another copy.";
  static final String REWRITE = "Load it in Keras and save it again.";

  /// Steps of a walk over the largest models' files are some hundred thousand.
  private static final int MOST_STEPS = 4_000_000;

  private static final int LONGEST_NAME = 4096;
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final String where;
  private final MemorySegment bytes;
  private final int kind;
  private final int[] steps;

  Hdf5Bytes(String where, MemorySegment bytes) {
    this(where, bytes, 0, new int[1]);
  }

  private Hdf5Bytes(String where, MemorySegment bytes, int kind, int[] steps) {
    this.where = where;
    this.bytes = bytes;
    this.kind = kind;
    this.steps = steps;
  }

  /// What a message is; 0 of other parts.
  int kind() {
    return kind;
  }

  long size() {
    return bytes.byteSize();
  }

  MemorySegment segment() {
    return bytes;
  }

  /// A step of the walk was done.
  void work() {
    if (++steps[0] > MOST_STEPS) {
      throw refuse("at most " + MOST_STEPS + " entries", "entries", "more", DAMAGED);
    }
  }

  Malformed refuse(String expected, String name, Object value, String toDo) {
    return new Malformed(
        where + ": expected " + expected + ", received " + name + "=" + value + ". " + toDo);
  }

  /// Refuses a file that is shorter than it says.
  void whole(long size) {
    if (size > bytes.byteSize() || size < 0) {
      throw refuse(
          "a whole file of " + Long.toUnsignedString(size) + " bytes",
          "size",
          bytes.byteSize(),
          "The file is truncated; use another copy.");
    }
  }

  private long checked(long at, long length) {
    if (at < 0 || length < 0 || at > bytes.byteSize() - length) {
      throw refuse(
          "parts within " + bytes.byteSize() + " bytes",
          "place",
          Long.toUnsignedString(at) + " of " + Long.toUnsignedString(length) + " bytes",
          DAMAGED);
    }
    return at;
  }

  long unsigned(long at, int width) {
    checked(at, width);
    long value = 0;
    for (int i = width - 1; i >= 0; i--) {
      value = value << 8 | Byte.toUnsignedLong(bytes.get(ValueLayout.JAVA_BYTE, at + i));
    }
    return value;
  }

  int u8(long at) {
    return (int) unsigned(at, 1);
  }

  int u16(long at) {
    return (int) unsigned(at, 2);
  }

  long u32(long at) {
    return unsigned(at, 4);
  }

  /// Eight bytes; what is negative is too large for any use.
  long u64(long at) {
    return bytes.get(LONG, checked(at, 8));
  }

  Hdf5Bytes slice(long at, long length) {
    return slice(at, length, 0);
  }

  Hdf5Bytes slice(long at, long length, int kind) {
    return new Hdf5Bytes(where, bytes.asSlice(checked(at, length), length), kind, steps);
  }

  Hdf5Bytes from(long at) {
    return slice(at, size() - at);
  }

  boolean startsWith(long at, byte[] signature) {
    if (at < 0 || at > size() - signature.length) {
      return false;
    }
    byte[] begin = bytes.asSlice(at, signature.length).toArray(ValueLayout.JAVA_BYTE);
    return Arrays.equals(begin, signature);
  }

  void expect(long at, String signature, String path) {
    checked(at, signature.length());
    if (!startsWith(at, signature.getBytes(StandardCharsets.US_ASCII))) {
      throw refuse(signature + " at " + at, "object", path, DAMAGED);
    }
  }

  /// A name that ends with a zero byte.
  String text(long at) {
    long end = checked(at, 1);
    while (u8(end) != 0) {
      end++;
      if (end - at > LONGEST_NAME) {
        throw refuse("names of at most " + LONGEST_NAME + " bytes", "name", "longer", DAMAGED);
      }
    }
    return slice(at, end - at).text();
  }

  /// All of it as text, up to a zero byte.
  String text() {
    if (size() > Integer.MAX_VALUE - 8) {
      throw refuse("shorter texts", "bytes", size(), DAMAGED);
    }
    byte[] all = bytes.toArray(ValueLayout.JAVA_BYTE);
    int end = 0;
    while (end < all.length && all[end] != 0) {
      end++;
    }
    return new String(all, 0, end, StandardCharsets.UTF_8);
  }
}
