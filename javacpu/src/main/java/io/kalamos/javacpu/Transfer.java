package io.kalamos.javacpu;

import io.kalamos.engine.BFloat16;
import io.kalamos.engine.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Copies between the native memory of tensors and the heap arrays of a program.
final class Transfer {
  private Transfer() {}

  /// Reads `count` elements of a tensor from element `from` on into `target[to]` ff.
  static void load(Tensor source, long from, Values target, int to, int count) {
    MemorySegment memory = source.memory();
    switch (target) {
      case Values.Floats(float[] data, boolean bfloat16) -> {
        if (bfloat16) {
          for (int i = 0; i < count; i++) {
            data[to + i] =
                BFloat16.toFloat(memory.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * (from + i)));
          }
        } else {
          MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * from, data, to, count);
        }
      }
      case Values.Doubles(double[] data) ->
          MemorySegment.copy(memory, ValueLayout.JAVA_DOUBLE_UNALIGNED, 8 * from, data, to, count);
      case Values.Ints(int[] data, boolean uint8) -> {
        if (uint8) {
          for (int i = 0; i < count; i++) {
            data[to + i] = memory.get(ValueLayout.JAVA_BYTE, from + i) & 0xff;
          }
        } else {
          MemorySegment.copy(memory, ValueLayout.JAVA_INT_UNALIGNED, 4 * from, data, to, count);
        }
      }
    }
  }

  /// Writes a whole tensor.
  static void store(Values source, Tensor target) {
    MemorySegment memory = target.memory();
    int count = Math.toIntExact(target.size());
    switch (source) {
      case Values.Floats(float[] data, boolean bfloat16) -> {
        if (bfloat16) {
          for (int i = 0; i < count; i++) {
            memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i, BFloat16.fromFloat(data[i]));
          }
        } else {
          MemorySegment.copy(data, 0, memory, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, count);
        }
      }
      case Values.Doubles(double[] data) ->
          MemorySegment.copy(data, 0, memory, ValueLayout.JAVA_DOUBLE_UNALIGNED, 0, count);
      case Values.Ints(int[] data, boolean uint8) -> {
        if (uint8) {
          for (int i = 0; i < count; i++) {
            memory.set(ValueLayout.JAVA_BYTE, i, (byte) data[i]);
          }
        } else {
          MemorySegment.copy(data, 0, memory, ValueLayout.JAVA_INT_UNALIGNED, 0, count);
        }
      }
    }
  }
}
