package io.kalamos.kernels;

/// Counter-based random bits: Threefry-2x32 with 20 rounds (Salmon et al., "Parallel random
/// numbers: as easy as 1, 2, 3", 2011). The same arguments give the same bits on every machine, in
/// any order and on any thread.
///
/// Layout of the words: key = (low word of the seed, high word of the seed xor stream), counter =
/// (index, step); the first word of the result is used.
public final class Threefry {
  static final int PARITY = 0x1BD11BDA;
  private static final int[] ROTATIONS = {13, 15, 26, 6, 17, 29, 16, 24};

  private Threefry() {}

  /// Rotation of round `round` (0 to 19).
  static int rotation(int round) {
    return ROTATIONS[round & 7];
  }

  /// The block of two words for a key and a counter, the first word in the low half.
  public static long block(int key0, int key1, int counter0, int counter1) {
    int key2 = PARITY ^ key0 ^ key1;
    int x0 = counter0 + key0;
    int x1 = counter1 + key1;
    for (int round = 0; round < 20; round++) {
      x0 += x1;
      x1 = Integer.rotateLeft(x1, ROTATIONS[round & 7]) ^ x0;
      if ((round & 3) == 3) {
        int turn = (round >> 2) + 1;
        int first = turn % 3;
        x0 += first == 0 ? key0 : first == 1 ? key1 : key2;
        x1 += (first == 0 ? key1 : first == 1 ? key2 : key0) + turn;
      }
    }
    return (long) x1 << 32 | x0 & 0xFFFFFFFFL;
  }

  /// 32 random bits.
  public static int bits(long seed, int stream, int step, int index) {
    return (int) block((int) seed, (int) (seed >>> 32) ^ stream, index, step);
  }

  /// A float32 of 24 random bits in [0, 1).
  public static float uniform(long seed, int stream, int step, int index) {
    return (bits(seed, stream, step, index) >>> 8) * 0x1p-24f;
  }
}
