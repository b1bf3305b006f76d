package io.kalamos.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/// Known answers of the generator (Random123's test vectors for 20 rounds) and its word layout.
class ThreefryTest {
  @Test
  void givesTheKnownAnswers() {
    assertEquals(0x99ba4efe_6b200159L, Threefry.block(0, 0, 0, 0));
    assertEquals(0xbb002be7_1cb996fcL, Threefry.block(-1, -1, -1, -1));
    assertEquals(
        0x483df7a0_c4923a9cL, Threefry.block(0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3));
  }

  @Test
  void laysOutItsWordsAsDocumented() {
    long seed = 0x0123456789abcdefL;
    assertEquals(
        (int) Threefry.block(0x89abcdef, 0x01234567 ^ 7, 42, 3), Threefry.bits(seed, 7, 3, 42));
    assertEquals(
        (Threefry.bits(seed, 7, 3, 42) >>> 8) / 16777216f, Threefry.uniform(seed, 7, 3, 42));
  }
}
