package io.kalamos.onednn;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.kalamos.engine.BFloat16;
import io.kalamos.engine.DType;
import java.lang.foreign.MemorySegment;

/// The index arithmetic of gathered rows. Whole numbers that a kernel wrote are float32 in memory,
/// exact up to 2²⁴; an index outside of the matrix means its nearest row.
final class Gathering {
  private Gathering() {}

  /// So many indices into a matrix of rows and units.
  record Sizes(int count, int rows, int units) {}

  /// Writes indices as int32, none outside of 0 to `last`.
  static Runnable nearest(long indices, DType type, int count, int last, long target) {
    MemorySegment from = memory(indices, (long) count * type.bytes());
    MemorySegment to = memory(target, 4L * count);
    return () -> {
      for (int i = 0; i < count; i++) {
        to.setAtIndex(JAVA_INT, i, Math.clamp(index(from, type, i), 0, last));
      }
    };
  }

  /// Adds each upstream row to the row of the float32 matrix at `target` that it came from, in the
  /// order of the indices; the other rows become zeros.
  static Runnable sums(
      Sizes sizes, long indices, DType indexType, long gradient, DType type, long target) {
    MemorySegment at = memory(indices, (long) sizes.count * indexType.bytes());
    MemorySegment from = memory(gradient, (long) sizes.count * sizes.units * type.bytes());
    MemorySegment to = memory(target, 4L * sizes.rows * sizes.units);
    return () -> {
      to.fill((byte) 0);
      for (int i = 0; i < sizes.count; i++) {
        long row = Math.clamp(index(at, indexType, i), 0, sizes.rows - 1);
        add(from, type, (long) i * sizes.units, to, row * sizes.units, sizes.units);
      }
    };
  }

  private static void add(
      MemorySegment from, DType type, long source, MemorySegment to, long target, int units) {
    if (type == DType.BFLOAT16) {
      for (int unit = 0; unit < units; unit++) {
        float addend = BFloat16.toFloat(from.getAtIndex(JAVA_SHORT, source + unit));
        to.setAtIndex(JAVA_FLOAT, target + unit, to.getAtIndex(JAVA_FLOAT, target + unit) + addend);
      }
      return;
    }
    for (int unit = 0; unit < units; unit++) {
      float addend = from.getAtIndex(JAVA_FLOAT, source + unit);
      to.setAtIndex(JAVA_FLOAT, target + unit, to.getAtIndex(JAVA_FLOAT, target + unit) + addend);
    }
  }

  private static long index(MemorySegment indices, DType type, int i) {
    return switch (type) {
      case FLOAT32 -> (long) indices.getAtIndex(JAVA_FLOAT, i);
      case INT32 -> indices.getAtIndex(JAVA_INT, i);
      case UINT8 -> indices.get(JAVA_BYTE, i) & 0xff;
      case BFLOAT16, FLOAT64 -> throw new IllegalStateException("no index: " + type);
    };
  }

  @SuppressWarnings("restricted")
  private static MemorySegment memory(long address, long bytes) {
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }
}
