package io.kalamos.data;

import io.kalamos.options.Refusal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// How samples are divided into those to train and those to validate with.
///
/// `part` is the share for validation, above 0 and below 1; as in Keras the training samples are
/// `floor(samples * (1 - part))`.
public sealed interface Split {
  /// The share for validation.
  double part();

  /// The row numbers of both parts, each ascending.
  Rows rows(Samples samples);

  /// The last samples, as Keras's `validation_split`: wrong where the labels are sorted.
  static Split tail(double part) {
    return new Tail(part);
  }

  /// Samples drawn at random, the same for the same seed.
  static Split shuffled(double part, long seed) {
    return new Shuffled(part, seed);
  }

  /// Samples drawn at random from each class in its share, by the first target: class indices or
  /// one-hot. A class with a single sample is for training.
  static Split stratified(double part, long seed) {
    return new Stratified(part, seed);
  }

  /// Row numbers.
  record Rows(int[] training, int[] validation) {}

  /// Samples of their own.
  record Parts(Samples training, Samples validation) {}

  /// Both parts, copied unless they lie together.
  default Parts of(Samples samples) {
    Rows rows = rows(samples);
    return new Parts(samples.select(rows.training()), samples.select(rows.validation()));
  }

  private static int kept(double part, int size) {
    int kept = (int) Math.floor(size * (1 - part));
    if (kept == 0 || kept == size) {
      throw Refusal.of(
          "split",
          "samples for training and for validation out of " + size,
          "part",
          part,
          "Give more data or another part.");
    }
    return kept;
  }

  private static void check(double part) {
    if (!(part > 0 && part < 1)) {
      throw Refusal.of(
          "split", "a part above 0 and below 1", "part", part, "Give a fraction, such as 0.1.");
    }
  }

  private static void shuffle(int[] rows, PlaceRandom random) {
    for (int i = rows.length - 1; i > 0; i--) {
      int j = random.below(i + 1);
      int row = rows[i];
      rows[i] = rows[j];
      rows[j] = row;
    }
  }

  private static Rows cut(int[] rows, int kept) {
    int[] training = Arrays.copyOf(rows, kept);
    int[] validation = Arrays.copyOfRange(rows, kept, rows.length);
    Arrays.sort(training);
    Arrays.sort(validation);
    return new Rows(training, validation);
  }

  /// See [#tail].
  record Tail(double part) implements Split {
    public Tail {
      check(part);
    }

    @Override
    public Rows rows(Samples samples) {
      int[] all = IntStream.range(0, samples.size()).toArray();
      return cut(all, kept(part, all.length));
    }
  }

  /// See [#shuffled].
  record Shuffled(double part, long seed) implements Split {
    public Shuffled {
      check(part);
    }

    @Override
    public Rows rows(Samples samples) {
      int[] all = IntStream.range(0, samples.size()).toArray();
      shuffle(all, new PlaceRandom(seed, PlaceRandom.SPLITS, 0, 0));
      return cut(all, kept(part, all.length));
    }
  }

  /// See [#stratified].
  record Stratified(double part, long seed) implements Split {
    public Stratified {
      check(part);
    }

    private record Share(int[] rows, int whole, double rest) {}

    @Override
    public Rows rows(Samples samples) {
      int[] classes =
          ClassCounts.classes(samples.y().getFirst())
              .orElseThrow(
                  () ->
                      Refusal.of(
                          "Split.stratified",
                          "class indices or one-hot targets",
                          "y",
                          samples.y().getFirst(),
                          "Use Split.shuffled for other targets."));
      int wanted = classes.length - kept(part, classes.length);
      List<Share> shares = shares(classes);
      int left = wanted - shares.stream().mapToInt(Share::whole).sum();
      List<Integer> validation = new ArrayList<>();
      List<Integer> training = new ArrayList<>();
      for (Share share : shares) {
        boolean more = left > 0 && share.whole() + 1 < share.rows().length;
        int count = share.whole() + (more ? 1 : 0);
        left -= more ? 1 : 0;
        for (int i = 0; i < share.rows().length; i++) {
          (i < count ? validation : training).add(share.rows()[i]);
        }
      }
      return new Rows(sorted(training), sorted(validation));
    }

    /// The classes, those first that lose most by rounding.
    private List<Share> shares(int[] classes) {
      SortedMap<Integer, List<Integer>> members = new TreeMap<>();
      for (int row = 0; row < classes.length; row++) {
        members.computeIfAbsent(classes[row], key -> new ArrayList<>()).add(row);
      }
      List<Share> shares = new ArrayList<>();
      members.forEach(
          (index, list) -> {
            int[] rows = list.stream().mapToInt(row -> row).toArray();
            shuffle(rows, new PlaceRandom(seed, PlaceRandom.SPLITS, 1, index));
            double share = rows.length * part;
            int whole = Math.min((int) share, rows.length - 1);
            shares.add(new Share(rows, whole, share - whole));
          });
      shares.sort(Comparator.comparingDouble((Share share) -> -share.rest()));
      return shares;
    }

    private static int[] sorted(List<Integer> rows) {
      return rows.stream().mapToInt(row -> row).sorted().toArray();
    }
  }
}
