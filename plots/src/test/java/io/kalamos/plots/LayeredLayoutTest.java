package io.kalamos.plots;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class LayeredLayoutTest {
  private static LayeredLayout layout(double breadth, List<List<Integer>> inputs) {
    var breadths = new double[inputs.size()];
    Arrays.fill(breadths, breadth);
    var depths = new double[inputs.size()];
    Arrays.fill(depths, 40);
    return new LayeredLayout(breadths, depths, inputs);
  }

  @Test
  void aResidualBlockIsStraightAndItsShortcutPassesBeside() {
    var layout = layout(100, List.of(List.of(), List.of(0), List.of(1), List.of(2, 0), List.of(3)));
    for (int box = 0; box < 5; box++) {
      assertEquals(box, layout.rank(box));
      assertEquals(layout.centre(0), layout.centre(box), 1);
    }
    double[] shortcut = layout.bends(3, 1);
    assertEquals(2, shortcut.length);
    assertEquals(shortcut[0], shortcut[1], 1e-6);
    assertEquals(50 + 26, Math.abs(shortcut[0] - layout.centre(1)), 2);
  }

  @Test
  void branchesStandSideBySideAndLateInputsBeforeTheirUser() {
    var layout =
        layout(
            60,
            List.of(
                List.of(),
                List.of(0),
                List.of(0),
                List.of(0),
                List.of(1, 2, 3),
                List.of(),
                List.of(4, 5)));
    assertEquals(1, layout.rank(2));
    assertEquals(2, layout.rank(5), "the second input");
    assertEquals(layout.centre(0), layout.centre(2), 1);
    assertEquals(layout.centre(0) - layout.centre(1), layout.centre(3) - layout.centre(0), 6);
    assertTrue(layout.wholeBreadth() >= 3 * 60 + 2 * 26, "three side by side");
    assertEquals(4 * 40 + 3 * LayeredLayout.BETWEEN_RANKS, layout.wholeDepth(), 1e-9);
  }

  @Test
  void crossingsThatNeedNotBeAreGone() {
    // two chains whose boxes come in mixed order
    var layout =
        layout(
            50,
            List.of(
                List.of(),
                List.of(),
                List.of(1),
                List.of(0),
                List.of(2),
                List.of(3),
                List.of(4),
                List.of(5)));
    assertEquals(0, layout.crossings());
    assertArrayEquals(
        new double[] {layout.centre(0), layout.centre(0), layout.centre(0)},
        new double[] {layout.centre(3), layout.centre(5), layout.centre(7)},
        1e-6);
  }

  @RepeatedTest(20)
  void boxesKeepTheirDistanceInAnyGraph(RepetitionInfo repetition) {
    var random = new Random(repetition.getCurrentRepetition());
    int boxes = 2 + random.nextInt(30);
    var inputs = new ArrayList<List<Integer>>();
    var breadths = new double[boxes];
    var depths = new double[boxes];
    for (int box = 0; box < boxes; box++) {
      var own = new ArrayList<Integer>();
      for (int i = 0; box > 0 && i < random.nextInt(4); i++) {
        own.add(random.nextInt(box));
      }
      inputs.add(own);
      breadths[box] = 40 + random.nextInt(100);
      depths[box] = 20 + random.nextInt(40);
    }
    var layout = new LayeredLayout(breadths, depths, inputs);
    for (int a = 0; a < boxes; a++) {
      assertTrue(layout.centre(a) - breadths[a] / 2 > -1e-6);
      assertTrue(layout.centre(a) + breadths[a] / 2 < layout.wholeBreadth() + 1e-6);
      for (int input : inputs.get(a)) {
        assertTrue(layout.rank(input) < layout.rank(a));
      }
      for (int b = 0; b < a; b++) {
        double gap =
            Math.abs(layout.centre(a) - layout.centre(b)) - (breadths[a] + breadths[b]) / 2;
        assertTrue(layout.rank(a) != layout.rank(b) || gap > 26 - 1e-6, a + " and " + b);
      }
      for (int input = 0; input < inputs.get(a).size(); input++) {
        double[] bends = layout.bends(a, input);
        int from = layout.rank(inputs.get(a).get(input));
        assertEquals(layout.rank(a) - from - 1, bends.length);
        for (int box = 0; box < boxes; box++) {
          int place = layout.rank(box) - from - 1;
          if (place >= 0 && place < bends.length) {
            double distance = Math.abs(bends[place] - layout.centre(box)) - breadths[box] / 2;
            assertTrue(distance > 26 - 1e-6, "an edge through box " + box);
          }
        }
      }
    }
  }
}
