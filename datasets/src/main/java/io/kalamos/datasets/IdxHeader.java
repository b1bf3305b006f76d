package io.kalamos.datasets;

import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;

/// The first bytes of an IDX file: two zeros, the type of the elements, the number of axes, and
/// each axis's size as four bytes, all big-endian.
record IdxHeader(DType dtype, Shape shape) {
  private static final int MOST_AXES = 8;

  /// The bytes of the longest header.
  static final int MOST_BYTES = 4 + 4 * MOST_AXES;

  /// Reads the header at the start of `bytes`; `name` is the file in messages.
  static IdxHeader of(String name, MemorySegment bytes) {
    long length = bytes.byteSize();
    // a byte buffer reads big-endian
    var header = bytes.asSlice(0, Math.min(MOST_BYTES, length)).asByteBuffer();
    int start = length < 4 ? 0 : header.getInt();
    int axes = start & 0xff;
    if (start >>> 16 != 0 || axes == 0 || axes > MOST_AXES) {
      throw notIdx(name, bytes);
    }
    if (length < 4 + 4L * axes) {
      throw new MalformedDataException(
          "%s: expected the sizes of %d axes in the first %d bytes, received bytes=%d. %s"
              .formatted(name, axes, 4 + 4 * axes, length, Idx.COPY_AGAIN));
    }
    var dtype =
        switch (start >>> 8) {
          case 0x08 -> DType.UINT8;
          case 0x0c -> DType.INT32;
          case 0x0d -> DType.FLOAT32;
          case 0x0e -> DType.FLOAT64;
          default -> throw notIdx(name, bytes);
        };
    int[] sizes = new int[axes];
    for (int axis = 0; axis < axes; axis++) {
      sizes[axis] = header.getInt();
    }
    return new IdxHeader(dtype, checked(name, sizes, dtype));
  }

  private static Shape checked(String name, int[] sizes, DType dtype) {
    try {
      long bytes = dtype.bytes();
      for (int size : sizes) {
        bytes = Math.multiplyExact(bytes, Integer.toUnsignedLong(size));
        if (size < 0) {
          throw new ArithmeticException();
        }
      }
      return Shape.of(sizes);
    } catch (ArithmeticException _) {
      var text = new StringBuilder();
      for (int size : sizes) {
        text.append(text.isEmpty() ? "" : ", ").append(Integer.toUnsignedString(size));
      }
      throw new MalformedDataException(
          "%s: expected axes of at most %d and fewer than 2^63 bytes in all, received sizes=(%s). %s"
              .formatted(name, Integer.MAX_VALUE, text, Idx.COPY_AGAIN));
    }
  }

  private static MalformedDataException notIdx(String name, MemorySegment bytes) {
    var first = bytes.asSlice(0, Math.min(4, bytes.byteSize())).toArray(ValueLayout.JAVA_BYTE);
    return new MalformedDataException(
        "%s: expected an IDX file, which starts with 00 00, a type (08, 0c, 0d or 0e) and 01 to %02x axes, received first bytes=[%s]. Give a file such as the four of MNIST, gzipped or not."
            .formatted(name, MOST_AXES, HexFormat.ofDelimiter(" ").formatHex(first)));
  }

  /// The bytes of the header itself.
  int bytes() {
    return 4 + 4 * shape.rank();
  }

  /// The bytes of the whole file.
  long fileBytes() {
    return bytes() + shape.size() * dtype.bytes();
  }
}
