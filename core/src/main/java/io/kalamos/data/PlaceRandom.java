package io.kalamos.data;

import io.kalamos.engine.CounterRandom;
import java.util.random.RandomGenerator;

/// Random numbers of one place: SplitMix64 (Steele, Lea and Flood, 2014) started by the
/// counter-based generator at (seed, stream, epoch, element).
final class PlaceRandom implements RandomGenerator {
  /// The stream of shuffles; those of layers lie below.
  static final int SHUFFLES = (1 << 24) + 1;

  /// The stream of random maps.
  static final int MAPS = (1 << 24) + 2;

  /// The stream of splits.
  static final int SPLITS = (1 << 24) + 3;

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private long state;

  PlaceRandom(long seed, int stream, long epoch, long element) {
    int step = Long.hashCode(epoch);
    int index = Long.hashCode(element * 2);
    state =
        (long) CounterRandom.bits(seed, stream, step, index) << 32
            | CounterRandom.bits(seed, stream, step, index + 1) & 0xffffffffL;
  }

  @Override
  public long nextLong() {
    state += GOLDEN;
    long mixed = (state ^ state >>> 30) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
    return mixed ^ mixed >>> 31;
  }

  /// A whole number from 0 to below `bound`, the same in every version of Java.
  int below(int bound) {
    return (int) ((nextLong() >>> 32) * bound >>> 32);
  }
}
