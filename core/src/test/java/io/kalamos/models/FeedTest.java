package io.kalamos.models;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.kalamos.data.Samples;
import io.kalamos.engine.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class FeedTest {
  private static final Samples SEVEN =
      Samples.of(Tensor.of(new float[7], 7, 1), Tensor.of(new float[7], 7));

  private final List<String> log = new ArrayList<>();

  private Feed feed(boolean shuffle, OptionalInt steps) {
    return new Feed(new RowBatches(SEVEN, 2, shuffle, 5), steps, log::add);
  }

  private static List<String> epoch(Feed feed, int epoch) {
    feed.begin(epoch);
    return rest(feed);
  }

  private static List<String> rest(Feed feed) {
    List<String> batches = new ArrayList<>();
    while (feed.next()) {
      int from = feed.batch().from();
      batches.add(
          Arrays.toString(
              Arrays.copyOfRange(feed.batch().rows(), from, from + feed.batch().size())));
    }
    return batches;
  }

  @Test
  void anEpochIsAPass() {
    Feed feed = feed(false, OptionalInt.empty());
    List<String> all = List.of("[0, 1]", "[2, 3]", "[4, 5]", "[6]");
    assertEquals(all, epoch(feed, 0));
    assertEquals(all, epoch(feed, 1));
    assertEquals(4, feed.steps());
    assertEquals(List.of(), log);
  }

  @Test
  void stepsGoOnWhereTheLastEpochEnded() {
    Feed feed = feed(false, OptionalInt.of(2));
    assertEquals(List.of("[0, 1]", "[2, 3]"), epoch(feed, 0));
    assertEquals(List.of("[4, 5]", "[6]"), epoch(feed, 1));
    assertEquals(List.of("[0, 1]", "[2, 3]"), epoch(feed, 2));
    assertEquals(List.of(), log);
  }

  @Test
  void anEpochIsCutShortWhereTheDataEnd() {
    Feed feed = feed(false, OptionalInt.of(3));
    assertEquals(List.of("[0, 1]", "[2, 3]", "[4, 5]"), epoch(feed, 0));
    assertEquals(List.of(), log);
    assertEquals(List.of("[6]"), epoch(feed, 1));
    assertEquals(
        List.of(
            "warning: fit: expected stepsPerEpoch=3 batches, received 1 before the data ended. The"
                + " epoch ends here; add .repeat() to the dataset, or lower stepsPerEpoch."),
        log);
    assertEquals(List.of("[0, 1]", "[2, 3]", "[4, 5]"), epoch(feed, 2));
  }

  @Test
  void aLaterEpochAndASecondTimeAreTheSame() {
    Feed one = feed(true, OptionalInt.of(3));
    List<List<String>> epochs = List.of(epoch(one, 0), epoch(one, 1), epoch(one, 2), epoch(one, 3));
    for (int first = 0; first < 4; first++) {
      Feed feed = feed(true, OptionalInt.of(3));
      assertEquals(epochs.get(first), epoch(feed, first));
      feed.rewind();
      assertEquals(epochs.get(first), rest(feed));
    }
  }
}
