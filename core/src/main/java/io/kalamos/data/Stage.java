package io.kalamos.data;

import java.util.List;

/// A step of a dataset's plan.
sealed interface Stage
    permits Rows,
        Numbers,
        Indexed,
        Generated,
        Mapped,
        Decoded,
        Filtered,
        Zipped,
        Concatenated,
        Interleaved,
        Cached,
        Shuffled,
        Repeated,
        Taken,
        Skipped,
        Batched,
        Prefetched {
  /// Begins the pass of this number; the same number gives the same elements.
  Pass open(long epoch);

  /// The number of elements, [Dataset#INFINITE] or [Dataset#UNKNOWN].
  long cardinality();

  /// Keras's or TensorFlow's word for it with its options.
  String label();

  /// What it takes elements from.
  List<Stage> sources();

  /// Its place in the plan, counted from the source.
  default int number() {
    int greatest = 0;
    for (Stage source : sources()) {
      greatest = Math.max(greatest, source.number());
    }
    return greatest + 1;
  }

  /// Whether making an element runs code of the user.
  default boolean computes() {
    return sources().stream().anyMatch(Stage::computes);
  }

  /// The plan in words, from the source on.
  default String plan() {
    List<Stage> sources = sources();
    if (sources.isEmpty()) {
      return label();
    }
    if (sources.size() == 1) {
      return sources.getFirst().plan() + " > " + label();
    }
    return label() + sources.stream().map(Stage::plan).toList();
  }
}
