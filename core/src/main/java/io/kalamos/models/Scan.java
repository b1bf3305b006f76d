package io.kalamos.models;

import io.kalamos.engine.DType;
import io.kalamos.engine.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Looks through data once.
final class Scan {
  private static final int CHUNK = 4096;

  private Scan() {}

  /// Whether no element is NaN or infinite.
  static boolean finite(Tensor tensor) {
    if (tensor.dtype() == DType.FLOAT32) {
      return finiteFloats(tensor);
    }
    for (long i = 0, size = tensor.size(); i < size; i++) {
      if (!Double.isFinite(tensor.get(i))) {
        return false;
      }
    }
    return true;
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
    for (long i = 0, size = tensor.size(); i < size; i++) {
      if (!Double.isFinite(tensor.get(i))) {
        return tensor.get(i) + " in row " + i / tensor.shape().rowSize();
      }
    }
    return "none";
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
    for (long i = 0, size = tensor.size(); i < size; i++) {
      double value = tensor.get(i);
      if (value < 0 || value > 255 || value != Math.rint(value)) {
        return false;
      }
    }
    return greatest(tensor) > 32;
  }
}
