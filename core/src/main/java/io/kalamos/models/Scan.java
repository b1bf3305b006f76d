package io.kalamos.models;

import io.kalamos.engine.DType;
import io.kalamos.engine.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.DoublePredicate;

/// Looks through data once.
final class Scan {
  private static final int CHUNK = 4096;

  private Scan() {}

  /// Whether no element is NaN or infinite.
  static boolean finite(Tensor tensor) {
    if (tensor.dtype() == DType.FLOAT32) {
      return finiteFloats(tensor);
    }
    return first(tensor, value -> !Double.isFinite(value)) < 0;
  }

  /// The position of the first element of which something holds, -1 where there is none.
  static long first(Tensor tensor, DoublePredicate holds) {
    long size = tensor.size();
    for (long from = 0; from < size; from += CHUNK) {
      double[] chunk = tensor.toDoubles(from, (int) Math.min(CHUNK, size - from));
      for (int i = 0; i < chunk.length; i++) {
        if (holds.test(chunk[i])) {
          return from + i;
        }
      }
    }
    return -1;
  }

  /// A float is not finite where all bits of its exponent are set; adding 1 to the exponent then
  /// reaches the sign. Chunks lie in the heap, where the loop becomes vectors.
  private static boolean finiteFloats(Tensor tensor) {
    int[] chunk = new int[CHUNK];
    for (long from = 0; from < tensor.size(); from += CHUNK) {
      int size = (int) Math.min(CHUNK, tensor.size() - from);
      MemorySegment.copy(tensor.memory(), ValueLayout.JAVA_INT_UNALIGNED, from * 4, chunk, 0, size);
      int bad = 0;
      for (int i = 0; i < size; i++) {
        bad |= (chunk[i] & 0x7fffffff) + 0x00800000;
      }
      if (bad < 0) {
        return false;
      }
    }
    return true;
  }

  /// Where the first element is that is not finite: `NaN in row 3`.
  static String firstNotFinite(Tensor tensor) {
    long i = first(tensor, value -> !Double.isFinite(value));
    return i < 0 ? "none" : tensor.get(i) + " in row " + i / tensor.shape().rowSize();
  }

  static double greatest(Tensor tensor) {
    double greatest = Double.NEGATIVE_INFINITY;
    for (long i = 0, size = tensor.size(); i < size; i++) {
      greatest = Math.max(greatest, tensor.get(i));
    }
    return greatest;
  }

  /// Whether these look like 8-bit pixels: whole numbers from 0 to 255, some of them large.
  static boolean pixels(Tensor tensor) {
    boolean bytes = first(tensor, value -> value < 0 || value > 255 || value != (long) value) < 0;
    return bytes && greatest(tensor) > 32;
  }
}
