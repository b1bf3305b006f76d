package io.kalamos.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OrderTest {
  @Test
  void isAPermutationThatSeedAndEpochDecide() {
    Order order = new Order(1000);
    int[] first = order.shuffled(7, 3).clone();
    assertArrayEquals(IntStream.range(0, 1000).toArray(), Arrays.stream(first).sorted().toArray());
    int[] next = order.shuffled(7, 4).clone();
    assertFalse(Arrays.equals(first, next));
    assertFalse(Arrays.equals(first, order.shuffled(8, 3)));
    assertArrayEquals(first, new Order(1000).shuffled(7, 3));
    assertArrayEquals(IntStream.range(0, 1000).toArray(), order.reset());
  }

  /// Chi-square over all 24 orders of 4 samples, 2400 shuffles: 23 degrees of freedom.
  @Test
  void everyOrderIsEquallyLikely() {
    int[] counts = new int[256];
    Order order = new Order(4);
    for (int epoch = 0; epoch < 2400; epoch++) {
      int[] o = order.shuffled(1, epoch);
      counts[o[0] | o[1] << 2 | o[2] << 4 | o[3] << 6]++;
    }
    assertEquals(24, Arrays.stream(counts).filter(n -> n > 0).count());
    double chi =
        Arrays.stream(counts)
            .filter(n -> n > 0)
            .mapToDouble(n -> (n - 100.0) * (n - 100) / 100)
            .sum();
    assertTrue(chi < 49.7, "p < 0.001: " + chi);
  }
}
