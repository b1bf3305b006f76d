package io.kalamos.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kalamos.options.Vary;
import org.junit.jupiter.api.Test;

class VaryTest {
  @Test
  void changesOneComponent() {
    assertEquals(Pair.of(3, 2), Vary.of(Pair.of(1, 2), "height", 3));
    assertEquals(Dense.of(4).useBias(false), Vary.of(Dense.of(4), "useBias", false));
  }

  @Test
  void checksAnew() {
    var refused =
        assertThrows(IllegalArgumentException.class, () -> Vary.of(Dense.of(4), "units", 0));
    assertEquals(
        "Dense: expected units of 1 or more, received units=0. Give a positive whole number.",
        refused.getMessage());
  }

  @Test
  void knowsItsComponents() {
    assertThrows(IllegalArgumentException.class, () -> Vary.of(Pair.of(1), "depth", 1));
  }
}
