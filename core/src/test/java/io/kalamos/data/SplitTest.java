package io.kalamos.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.kalamos.engine.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitTest {
  /// 60, 30 and 10 samples of three classes, sorted; x is the row number.
  private static final Samples SORTED = samples(false);

  private static Samples samples(boolean oneHot) {
    int[] labels = IntStream.range(0, 100).map(i -> i < 60 ? 0 : i < 90 ? 1 : 2).toArray();
    Tensor y = Tensor.of(labels, 100);
    return Samples.of(
        Tensor.of(IntStream.range(0, 100).toArray(), 100, 1),
        oneHot ? Preprocessing.toCategorical(y) : y);
  }

  private static List<Integer> all(Split.Rows rows) {
    List<Integer> all = new ArrayList<>();
    Arrays.stream(rows.training()).forEach(all::add);
    Arrays.stream(rows.validation()).forEach(all::add);
    return all.stream().sorted().toList();
  }

  @Test
  void everyRowIsInOnePart() {
    List<Integer> rows = IntStream.range(0, 100).boxed().toList();
    for (Split split :
        List.of(Split.tail(0.25), Split.shuffled(0.25, 1), Split.stratified(0.25, 1))) {
      Split.Rows parts = split.rows(SORTED);
      assertEquals(rows, all(parts));
      assertEquals(75, parts.training().length, split.toString());
    }
  }

  @Test
  void theTailIsNotCopied() {
    Split.Parts parts = Split.tail(0.1).of(SORTED);
    assertEquals(90, parts.training().size());
    assertEquals(90, parts.validation().x().getFirst().get(0));
    assertEquals(
        SORTED.x().getFirst().memory().address(),
        parts.training().x().getFirst().memory().address());
    assertEquals("2: 10", ClassCounts.of(parts.validation().y().getFirst()).get().toString());
  }

  @Test
  void aShuffleIsThatOfItsSeed() {
    Split.Rows one = Split.shuffled(0.1, 3).rows(SORTED);
    assertArrayEquals(one.validation(), Split.shuffled(0.1, 3).rows(SORTED).validation());
    assertFalse(Arrays.equals(one.validation(), Split.shuffled(0.1, 4).rows(SORTED).validation()));
    Split.Parts parts = Split.shuffled(0.1, 3).of(SORTED);
    for (int i = 0; i < 10; i++) {
      assertEquals(one.validation()[i], parts.validation().x().getFirst().get(i));
    }
  }

  @Test
  void strataKeepTheirShares() {
    for (boolean oneHot : new boolean[] {false, true}) {
      Split.Parts parts = Split.stratified(0.1, 3).of(samples(oneHot));
      assertEquals(
          "0: 54, 1: 27, 2: 9", ClassCounts.of(parts.training().y().getFirst()).get().toString());
      assertEquals(
          "0: 6, 1: 3, 2: 1", ClassCounts.of(parts.validation().y().getFirst()).get().toString());
    }
    assertFalse(
        Arrays.equals(
            Split.stratified(0.1, 3).rows(SORTED).validation(),
            Split.stratified(0.1, 4).rows(SORTED).validation()));
    Samples few = Samples.of(Tensor.of(new float[5], 5), Tensor.of(new int[] {0, 1, 1, 1, 1}, 5));
    ClassCounts training =
        ClassCounts.of(Split.stratified(0.5, 1).of(few).training().y().getFirst()).get();
    assertEquals(1, training.of(0));
  }

  @Test
  void classesAreCounted() {
    assertEquals(
        "0: 60, 1: 30, 2: 10", ClassCounts.of(samples(true).y().getFirst()).get().toString());
    assertEquals(100, ClassCounts.of(SORTED.y().getFirst()).get().total());
    assertEquals(
        "1: 2", ClassCounts.of(SORTED.y().getFirst(), new int[] {60, 61}).get().toString());
    assertEquals(Optional.empty(), ClassCounts.of(Tensor.of(new float[] {0.5f}, 1)));
    assertEquals(Optional.empty(), ClassCounts.of(Tensor.of(new float[] {1, 1}, 1, 2)));
    assertEquals(Optional.empty(), ClassCounts.of(Tensor.of(new float[] {0, 0}, 1, 2)));
    assertEquals(Optional.empty(), ClassCounts.of(Tensor.of(new int[] {-1}, 1)));
  }

  @Test
  void selectedRowsAreCopiedInTheirOrder() {
    Samples some = SORTED.select(new int[] {99, 3, 3});
    assertEquals("[99.0, 3.0, 3.0]", Arrays.toString(some.x().getFirst().toDoubles()));
    assertEquals("[2.0, 0.0, 0.0]", Arrays.toString(some.y().getFirst().toDoubles()));
    assertEquals(0, SORTED.select(new int[0]).size());
    assertSame(SORTED.x().getFirst().dtype(), some.x().getFirst().dtype());
  }
}
