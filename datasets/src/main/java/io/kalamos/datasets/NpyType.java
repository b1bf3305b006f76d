package io.kalamos.datasets;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.kalamos.engine.DType;
import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/// The types of NumPy whose arrays are read, and what tensors they become: floats and bytes stay
/// what they are, half precision becomes float32, all whole numbers int32 where they fit.
enum NpyType {
  FLOAT16("f2", 2, DType.FLOAT32),
  FLOAT32("f4", 4, DType.FLOAT32),
  FLOAT64("f8", 8, DType.FLOAT64),
  INT8("i1", 1, DType.INT32),
  INT16("i2", 2, DType.INT32),
  INT32("i4", 4, DType.INT32),
  INT64("i8", 8, DType.INT32),
  UINT8("u1", 1, DType.UINT8),
  UINT16("u2", 2, DType.INT32),
  UINT32("u4", 4, DType.INT32),
  UINT64("u8", 8, DType.INT32),
  BOOL("b1", 1, DType.UINT8);

  private static final int CHUNK = 1 << 16;

  private final String code;
  private final int bytes;
  private final DType dtype;

  NpyType(String code, int bytes, DType dtype) {
    this.code = code;
    this.bytes = bytes;
    this.dtype = dtype;
  }

  /// The type of a code without its byte order, `f4`.
  static Optional<NpyType> named(String code) {
    return Arrays.stream(values()).filter(type -> type.code.equals(code)).findFirst();
  }

  /// The type that holds a tensor's elements; NumPy has no bfloat16, of which float32 has every
  /// value.
  static NpyType of(DType dtype) {
    return switch (dtype) {
      case FLOAT32, BFLOAT16 -> FLOAT32;
      case FLOAT64 -> FLOAT64;
      case INT32 -> INT32;
      case UINT8 -> UINT8;
    };
  }

  String code() {
    return code;
  }

  /// Bytes of an element.
  int bytes() {
    return bytes;
  }

  /// What tensors of these arrays hold.
  DType dtype() {
    return dtype;
  }

  /// Whether the bytes of an array of this order are those of its tensor.
  boolean asIs(ByteOrder order) {
    return switch (this) {
      case FLOAT32, FLOAT64, INT32 -> order == ByteOrder.nativeOrder();
      case UINT8 -> true;
      case FLOAT16, INT8, INT16, INT64, UINT16, UINT32, UINT64, BOOL -> false;
    };
  }

  /// A tensor with a copy of the elements, in the order in which they lie; `name` is the array in
  /// messages.
  Tensor tensor(String name, MemorySegment elements, ByteOrder order, Shape shape) {
    Tensor tensor = Tensor.zeros(dtype, shape);
    for (long from = 0; from < tensor.size(); from += CHUNK) {
      int count = (int) Math.min(CHUNK, tensor.size() - from);
      MemorySegment part = elements.asSlice(from * bytes, (long) count * bytes);
      MemorySegment converted = converted(name, from, part, order);
      MemorySegment.copy(
          converted, 0, tensor.memory(), from * dtype.bytes(), (long) count * dtype.bytes());
    }
    return tensor;
  }

  // Loops go over arrays of the heap, which need no time to become fast.
  private MemorySegment converted(String name, long from, MemorySegment part, ByteOrder order) {
    return switch (this) {
      case FLOAT32, INT32 -> MemorySegment.ofArray(ints(part, order));
      case FLOAT64 -> MemorySegment.ofArray(longs(part, order));
      case UINT8 -> part;
      case BOOL -> MemorySegment.ofArray(truths(part.toArray(JAVA_BYTE)));
      case FLOAT16 -> MemorySegment.ofArray(floats(shorts(part, order)));
      case INT8 -> MemorySegment.ofArray(widened(part.toArray(JAVA_BYTE)));
      case INT16 -> MemorySegment.ofArray(widened(shorts(part, order), false));
      case UINT16 -> MemorySegment.ofArray(widened(shorts(part, order), true));
      case UINT32 -> MemorySegment.ofArray(notNegative(name, from, ints(part, order)));
      case INT64, UINT64 -> MemorySegment.ofArray(narrowed(name, from, longs(part, order)));
    };
  }

  private static short[] shorts(MemorySegment part, ByteOrder order) {
    return part.toArray(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order));
  }

  private static int[] ints(MemorySegment part, ByteOrder order) {
    return part.toArray(ValueLayout.JAVA_INT_UNALIGNED.withOrder(order));
  }

  private static long[] longs(MemorySegment part, ByteOrder order) {
    return part.toArray(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order));
  }

  private static byte[] truths(byte[] values) {
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (values[i] == 0 ? 0 : 1);
    }
    return values;
  }

  private static float[] floats(short[] halves) {
    float[] values = new float[halves.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.float16ToFloat(halves[i]);
    }
    return values;
  }

  private static int[] widened(byte[] bytes) {
    int[] values = new int[bytes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = bytes[i];
    }
    return values;
  }

  private static int[] widened(short[] shorts, boolean unsigned) {
    int[] values = new int[shorts.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = unsigned ? Short.toUnsignedInt(shorts[i]) : shorts[i];
    }
    return values;
  }

  private int[] notNegative(String name, long from, int[] values) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] < 0) {
        throw tooLarge(name, from + i, Integer.toUnsignedString(values[i]));
      }
    }
    return values;
  }

  private int[] narrowed(String name, long from, long[] wide) {
    int[] values = new int[wide.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (int) wide[i];
      boolean unsigned = this == UINT64;
      if (values[i] != wide[i] || unsigned && values[i] < 0) {
        throw tooLarge(
            name, from + i, unsigned ? Long.toUnsignedString(wide[i]) : Long.toString(wide[i]));
      }
    }
    return values;
  }

  private MalformedDataException tooLarge(String name, long place, String value) {
    return new MalformedDataException(
        "%s: expected whole numbers from %d to %d, received element %d=%s. Save it as real numbers: array.astype('float64')."
            .formatted(name, Integer.MIN_VALUE, Integer.MAX_VALUE, place, value));
  }
}
