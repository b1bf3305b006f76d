package io.kalamos.engine;

/// Random numbers that are a function of their place, not of a sequence: Threefry-2x32 with 20
/// rounds (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011).
///
/// The key is (low word of the seed, high word of the seed + stream × 0x9E3779B9), the counter is
/// (element index, step). So any part of any step can be drawn again, in any order, by any number
/// of threads, with the same bits; element `index` of a tensor is the same however it is split.
public final class CounterRandom {
  private CounterRandom() {}

  private static final int PARITY = 0x1BD11BDA;

  /// The second word of the key.
  public static int key1(long seed, int stream) {
    return (int) (seed >>> 32) + stream * 0x9E3779B9;
  }

  /// 32 random bits of the place (seed, stream, step, index): the first output word.
  public static int bits(long seed, int stream, int step, int index) {
    return (int) block((int) seed, key1(seed, stream), index, step);
  }

  /// A float32 in [0, 1): the upper 24 bits.
  public static float uniform(long seed, int stream, int step, int index) {
    return (bits(seed, stream, step, index) >>> 8) * 0x1p-24f;
  }

  /// A standard normal number by the Box-Muller transform of the two output words.
  public static double normal(long seed, int stream, int step, int index) {
    long words = block((int) seed, key1(seed, stream), index, step);
    double u = ((words & 0xffffffffL) + 0.5) * 0x1p-32;
    double v = (words >>> 32) * 0x1p-32;
    return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
  }

  /// A random order of 0 .. length - 1 (Fisher and Yates), one for each (seed, stream, step).
  public static int[] permutation(int length, long seed, int stream, int step) {
    int[] order = new int[length];
    for (int i = 0; i < length; i++) {
      int j = (int) (((bits(seed, stream, step, i) & 0xffffffffL) * (i + 1)) >>> 32);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /// Both output words, the first in the low half.
  static long block(int key0, int key1, int counter0, int counter1) {
    int last = key0;
    int next = key1;
    int afterNext = PARITY ^ key0 ^ key1;
    int x = counter0 + key0;
    int y = counter1 + key1;
    for (int group = 1; group <= 5; group++) {
      if ((group & 1) == 1) {
        x += y;
        y = Integer.rotateLeft(y, 13) ^ x;
        x += y;
        y = Integer.rotateLeft(y, 15) ^ x;
        x += y;
        y = Integer.rotateLeft(y, 26) ^ x;
        x += y;
        y = Integer.rotateLeft(y, 6) ^ x;
      } else {
        x += y;
        y = Integer.rotateLeft(y, 17) ^ x;
        x += y;
        y = Integer.rotateLeft(y, 29) ^ x;
        x += y;
        y = Integer.rotateLeft(y, 16) ^ x;
        x += y;
        y = Integer.rotateLeft(y, 24) ^ x;
      }
      x += next;
      y += afterNext + group;
      int first = last;
      last = next;
      next = afterNext;
      afterNext = first;
    }
    return (x & 0xffffffffL) | ((long) y << 32);
  }
}
