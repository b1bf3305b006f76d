package io.kalamos.kernels;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kalamos.engine.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Native elements between guard bytes, so that a write beside them is noticed.
record Memory(DType type, int size, MemorySegment all) {
  private static final int GUARD = 128;
  private static final byte MARK = (byte) 0xA5;

  static Memory of(Arena arena, DType type, int size) {
    MemorySegment all = arena.allocate(2 * GUARD + (long) size * type.bytes(), 64);
    all.fill(MARK);
    return new Memory(type, size, all);
  }

  static Memory floats(Arena arena, float... values) {
    Memory memory = of(arena, DType.FLOAT32, values.length);
    for (int i = 0; i < values.length; i++) {
      memory.set(i, values[i]);
    }
    return memory;
  }

  static Memory ints(Arena arena, int... values) {
    Memory memory = of(arena, DType.INT32, values.length);
    for (int i = 0; i < values.length; i++) {
      memory.all.set(JAVA_INT_UNALIGNED, GUARD + 4L * i, values[i]);
    }
    return memory;
  }

  long address() {
    return all.address() + GUARD;
  }

  float get(int i) {
    long at = GUARD + (long) i * type.bytes();
    return switch (type) {
      case FLOAT32 -> all.get(JAVA_FLOAT_UNALIGNED, at);
      case BFLOAT16 -> Float.intBitsToFloat(all.get(JAVA_SHORT_UNALIGNED, at) << 16);
      case UINT8 -> all.get(JAVA_BYTE, at) & 0xFF;
      case INT32 -> all.get(JAVA_INT_UNALIGNED, at);
      case FLOAT64 -> throw new AssertionError(type);
    };
  }

  void set(int i, float value) {
    long at = GUARD + (long) i * type.bytes();
    switch (type) {
      case FLOAT32 -> all.set(JAVA_FLOAT_UNALIGNED, at, value);
      case BFLOAT16 ->
          all.set(JAVA_SHORT_UNALIGNED, at, (short) (Float.floatToRawIntBits(value) >>> 16));
      case UINT8 -> all.set(JAVA_BYTE, at, (byte) (int) value);
      case INT32 -> all.set(JAVA_INT_UNALIGNED, at, (int) value);
      case FLOAT64 -> throw new AssertionError(type);
    }
  }

  float[] toArray() {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = get(i);
    }
    return values;
  }

  void assertGuards(String what) {
    long end = GUARD + (long) size * type.bytes();
    for (int i = 0; i < GUARD; i++) {
      assertEquals(MARK, all.get(JAVA_BYTE, i), what + ": byte before the memory");
      assertEquals(MARK, all.get(JAVA_BYTE, end + i), what + ": byte after the memory");
    }
  }
}
