package io.kalamos.saving;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The types of numbers that HDF5 files of Keras hold, little-endian.
enum Hdf5Type {
  FLOAT16(2),
  FLOAT32(4),
  FLOAT64(8),
  INT8(1),
  UINT8(1),
  INT16(2),
  INT32(4),
  UINT32(4),
  INT64(8);

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final int bytes;

  Hdf5Type(int bytes) {
    this.bytes = bytes;
  }

  int bytes() {
    return bytes;
  }

  boolean floating() {
    return this == FLOAT16 || this == FLOAT32 || this == FLOAT64;
  }

  boolean signed() {
    return this != UINT8 && this != UINT32;
  }

  /// The element of this place.
  double get(MemorySegment data, long index) {
    long at = index * bytes;
    return switch (this) {
      case FLOAT16 -> Float.float16ToFloat(data.get(SHORT, at));
      case FLOAT32 -> Float.intBitsToFloat(data.get(INT, at));
      case FLOAT64 -> Double.longBitsToDouble(data.get(LONG, at));
      case INT8 -> data.get(ValueLayout.JAVA_BYTE, at);
      case UINT8 -> Byte.toUnsignedInt(data.get(ValueLayout.JAVA_BYTE, at));
      case INT16 -> data.get(SHORT, at);
      case INT32 -> data.get(INT, at);
      case UINT32 -> Integer.toUnsignedLong(data.get(INT, at));
      case INT64 -> data.get(LONG, at);
    };
  }

  /// Sets the element of this place.
  void set(MemorySegment data, long index, double value) {
    long at = index * bytes;
    switch (this) {
      case FLOAT16 -> data.set(SHORT, at, Float.floatToFloat16((float) value));
      case FLOAT32 -> data.set(INT, at, Float.floatToRawIntBits((float) value));
      case FLOAT64 -> data.set(LONG, at, Double.doubleToRawLongBits(value));
      case INT8, UINT8 -> data.set(ValueLayout.JAVA_BYTE, at, (byte) value);
      case INT16 -> data.set(SHORT, at, (short) value);
      case INT32 -> data.set(INT, at, (int) value);
      case UINT32 -> data.set(INT, at, (int) (long) value);
      case INT64 -> data.set(LONG, at, (long) value);
    }
  }
}
