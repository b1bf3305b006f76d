package io.kalamos.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CounterRandomTest {
  /// The known answers of Threefry-2x32-20 in the paper's reference vectors.
  @Test
  void matchesTheReferenceVectors() {
    assertEquals(0x99ba4efe6b200159L, CounterRandom.block(0, 0, 0, 0));
    assertEquals(0xbb002be71cb996fcL, CounterRandom.block(-1, -1, -1, -1));
  }

  @Test
  void permutationsHoldEveryIndexOnce() {
    int[] order = CounterRandom.permutation(1000, 7, 1, 0);
    int[] sorted = order.clone();
    Arrays.sort(sorted);
    assertArrayEquals(IntStream.range(0, 1000).toArray(), sorted);
    assertArrayEquals(order, CounterRandom.permutation(1000, 7, 1, 0));
  }
}
