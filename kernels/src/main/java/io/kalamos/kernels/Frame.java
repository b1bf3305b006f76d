package io.kalamos.kernels;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Lays out the block of memory that a bound kernel hands to its machine code: rows, first element,
/// addresses, constants, values computed once, spilled registers.
final class Frame {
  static final int ROWS = 0;
  static final int FIRST_ELEMENT = 8;
  static final int INPUTS = 16;

  private final Map<Integer, Integer> constants = new HashMap<>();
  private int[] places = new int[32];
  private int[] values = new int[32];
  private int count;
  private int pool;
  private int poolEnd;
  private int size;

  Frame(int addresses) {
    size = INPUTS + 8 * addresses;
  }

  int size() {
    return size + 63 & ~63;
  }

  /// Offsets of the constants.
  int[] places() {
    return Arrays.copyOf(places, count);
  }

  /// Bits of the constants.
  int[] values() {
    return Arrays.copyOf(values, count);
  }

  int pointer() {
    size = size + 7 & ~7;
    size += 8;
    return size - 8;
  }

  /// 64-byte aligned memory for `floats` elements.
  int vectors(int floats) {
    int at = size + 63 & ~63;
    size = at + (4 * floats + 63 & ~63);
    return at;
  }

  /// Four bytes.
  int word() {
    if (pool == poolEnd) {
      pool = vectors(16);
      poolEnd = pool + 64;
    }
    pool += 4;
    return pool - 4;
  }

  int constant(float value) {
    return constant(Float.floatToRawIntBits(value));
  }

  int constant(int bits) {
    Integer known = constants.get(bits);
    if (known == null) {
      known = word();
      fill(known, bits);
      constants.put(bits, known);
    }
    return known;
  }

  /// A vector of `first`, `first` + 1, ...
  int sequence(int first) {
    int at = vectors(16);
    for (int i = 0; i < 16; i++) {
      fill(at + 4 * i, first + i);
    }
    return at;
  }

  /// A vector of 0, `step`, 2 · `step`, ...
  int multiples(int step) {
    int at = vectors(16);
    for (int i = 0; i < 16; i++) {
      fill(at + 4 * i, i * step);
    }
    return at;
  }

  /// A vector of these numbers.
  int vector(int... lanes) {
    int at = vectors(16);
    for (int i = 0; i < 16; i++) {
      fill(at + 4 * i, lanes[i]);
    }
    return at;
  }

  /// A vector of one number.
  int repeated(int bits) {
    int at = vectors(16);
    for (int i = 0; i < 16; i++) {
      fill(at + 4 * i, bits);
    }
    return at;
  }

  private void fill(int place, int bits) {
    if (count == places.length) {
      places = Arrays.copyOf(places, 2 * count);
      values = Arrays.copyOf(values, 2 * count);
    }
    places[count] = place;
    values[count++] = bits;
  }
}
