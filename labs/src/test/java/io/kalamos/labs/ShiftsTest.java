package io.kalamos.labs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kalamos.engine.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ShiftsTest {
  private static final Tensor IMAGES =
      Tensor.of(new byte[] {1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16}, 2, 2, 3);

  private static String moved(int down, int right) {
    return Arrays.toString(
        Arrays.stream(Shifts.moved(IMAGES, down, right).toDoubles(0, 12))
            .mapToInt(value -> (int) value)
            .toArray());
  }

  @Test
  void eachImageMovesByItself() {
    assertEquals("[1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16]", moved(0, 0));
    assertEquals("[0, 0, 0, 1, 2, 3, 0, 0, 0, 11, 12, 13]", moved(1, 0));
    assertEquals("[4, 5, 6, 0, 0, 0, 14, 15, 16, 0, 0, 0]", moved(-1, 0));
    assertEquals("[0, 1, 2, 0, 4, 5, 0, 11, 12, 0, 14, 15]", moved(0, 1));
    assertEquals("[2, 3, 0, 5, 6, 0, 12, 13, 0, 15, 16, 0]", moved(0, -1));
  }
}
