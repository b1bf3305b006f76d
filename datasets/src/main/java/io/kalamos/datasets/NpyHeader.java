package io.kalamos.datasets;

import io.kalamos.engine.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Collectors;

/// What stands before the elements of an array of NumPy: their type and byte order, whether the
/// first axis runs fastest, the sizes of the axes.
///
/// @param bytes of the header itself
///
///   Source: `numpy.lib.format`, versions 1.0, 2.0 and 3.0.
record NpyHeader(NpyType type, ByteOrder order, boolean fortran, Shape shape, int bytes) {
  static final String SAVE_AGAIN = "Save the array again with numpy.save.";

  /// As many as NumPy itself reads without being told to trust the file.
  static final int MOST_BYTES = 10_000;

  /// As many as NumPy has.
  static final int MOST_AXES = 64;

  /// What the elements begin at a multiple of.
  static final int ALIGNMENT = 64;

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  // numpy leaves room for the first axis to grow to as many digits.
  private static final int GROWTH_DIGITS = 21;

  /// Reads a header; `name` is the array in messages.
  static NpyHeader read(String name, InputStream in) throws IOException {
    byte[] start = in.readNBytes(MAGIC.length + 2);
    if (start.length < MAGIC.length + 2 || !Arrays.equals(start, 0, 6, MAGIC, 0, 6)) {
      throw notNpy(name, start);
    }
    int version = start[6];
    if (version < 1 || version > 3 || start[7] != 0) {
      throw bad(name, "version 1.0, 2.0 or 3.0", "version=" + version + "." + (start[7] & 0xff));
    }
    int lengthBytes = version == 1 ? 2 : 4;
    byte[] length = in.readNBytes(lengthBytes);
    if (length.length < lengthBytes) {
      throw bad(name, "the length of a header", "the end of the file");
    }
    ByteBuffer buffer = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN);
    long wanted = version == 1 ? buffer.getShort() & 0xffff : buffer.getInt() & 0xffffffffL;
    if (wanted > MOST_BYTES) {
      throw bad(name, "a header of at most " + MOST_BYTES + " bytes", "length=" + wanted);
    }
    byte[] text = in.readNBytes((int) wanted);
    if (text.length < wanted) {
      throw bad(name, "a header of " + wanted + " bytes", "the end after bytes=" + text.length);
    }
    var charset = version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
    int bytes = start.length + lengthBytes + text.length;
    return new NpyHeaderText(name, new String(text, charset)).header(bytes);
  }

  /// The bytes of all elements, of which there are fewer than 2^63.
  long elementBytes() {
    return shape.size() * type.bytes();
  }

  /// The bytes of the whole file.
  long fileBytes() {
    return bytes + elementBytes();
  }

  /// The header that NumPy writes for an array in C order, byte for byte.
  static byte[] write(NpyType type, Shape shape) {
    String sizes =
        Arrays.stream(shape.toArray())
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(", "));
    String order =
        type.bytes() == 1 ? "|" : ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? "<" : ">";
    String text =
        "{'descr': '%s%s', 'fortran_order': False, 'shape': (%s%s), }"
            .formatted(order, type.code(), sizes, shape.rank() == 1 ? "," : "");
    if (shape.rank() > 0) {
      text += " ".repeat(GROWTH_DIGITS - Integer.toString(shape.dim(0)).length());
    }
    int before = MAGIC.length + 4;
    text += " ".repeat(ALIGNMENT - (before + text.length() + 1) % ALIGNMENT) + "\n";
    return ByteBuffer.allocate(before + text.length())
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC)
        .put((byte) 1)
        .put((byte) 0)
        .putShort((short) text.length())
        .put(text.getBytes(StandardCharsets.ISO_8859_1))
        .array();
  }

  /// What is said of an array with too few or too many bytes.
  MalformedDataException wrongLength(String name, String received) {
    return bad(
        name,
        "%d bytes for %s%s with its header"
            .formatted(fileBytes(), type.name().toLowerCase(Locale.ROOT), shape),
        "bytes=" + received);
  }

  static MalformedDataException bad(String name, String expected, String received) {
    return new MalformedDataException(
        "%s: expected %s, received %s. %s".formatted(name, expected, received, SAVE_AGAIN));
  }

  private static MalformedDataException notNpy(String name, byte[] start) {
    boolean zip = start.length > 1 && start[0] == 'P' && start[1] == 'K';
    return new MalformedDataException(
        "%s: expected an array of NumPy, which starts with 93 4e 55 4d 50 59, received first bytes=[%s]. %s"
            .formatted(
                name,
                HexFormat.ofDelimiter(" ").formatHex(start),
                zip ? "This is a zip: give it the ending .npz." : SAVE_AGAIN));
  }
}
