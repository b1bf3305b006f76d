package io.kalamos.javacpu;

/// Work space of the kernels, one set for each part of a step: kernels run one after the other, so
/// all use the same arrays, as long as the neediest of them asks for.
final class Scratch {
  static final int SLOTS = 4;

  private final int[] lengths = new int[SLOTS];
  private float[][][] arrays;
  private float[][][] panels;

  /// Asks for an array; before [#allocate].
  void need(int slot, int length) {
    lengths[slot] = Math.max(lengths[slot], length);
  }

  void allocate(int parts) {
    arrays = new float[parts][SLOTS][];
    panels = new float[parts][FloatProduct.DEPTH][FloatProduct.WIDTH];
    for (float[][] part : arrays) {
      for (int slot = 0; slot < SLOTS; slot++) {
        part[slot] = new float[lengths[slot]];
      }
    }
  }

  float[] get(int part, int slot) {
    return arrays[part][slot];
  }

  /// The block of the right operand that a product works on.
  float[][] panel(int part) {
    return panels[part];
  }

  long bytes() {
    long bytes = 4L * arrays.length * FloatProduct.DEPTH * FloatProduct.WIDTH;
    for (int length : lengths) {
      bytes += 4L * length * arrays.length;
    }
    return bytes;
  }
}
