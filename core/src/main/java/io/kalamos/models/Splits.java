package io.kalamos.models;

import io.kalamos.data.ClassCounts;
import io.kalamos.data.Samples;
import io.kalamos.data.Split;
import io.kalamos.losses.TargetKind;
import java.util.List;
import java.util.Optional;

/// Whether a tail that is kept for validation has the classes of the rest.
final class Splits {
  private static final int NAMED = 8;

  private Splits() {}

  /// Warns where classes of the tail are missing in training, or far more frequent than there.
  static void check(Compilation compilation, Samples samples, Split split, Split.Rows rows) {
    if (!(split instanceof Split.Tail)) {
      return;
    }
    for (int i = 0; i < samples.y().size(); i++) {
      TargetKind kind = compilation.losses().get(i).target();
      if (kind == TargetKind.CLASS_INDEX || kind == TargetKind.ONE_HOT) {
        Optional<ClassCounts> training = ClassCounts.of(samples.y().get(i), rows.training());
        Optional<ClassCounts> tail = ClassCounts.of(samples.y().get(i), rows.validation());
        if (training.isPresent() && tail.isPresent()) {
          compare(compilation, split.part(), training.get(), tail.get());
        }
      }
    }
  }

  private static void compare(
      Compilation compilation, double part, ClassCounts training, ClassCounts tail) {
    double ratio = (double) tail.total() / training.total();
    List<Integer> odd =
        tail.counts().keySet().stream()
            .filter(
                index ->
                    training.of(index) == 0 || tail.of(index) > 3 * ratio * training.of(index) + 10)
            .toList();
    if (odd.isEmpty()) {
      return;
    }
    StringBuilder received = new StringBuilder();
    for (int index : odd.subList(0, Math.min(NAMED, odd.size()))) {
      received
          .append(received.isEmpty() ? "" : ", ")
          .append("class ")
          .append(index)
          .append(": ")
          .append(training.of(index))
          .append(" and ")
          .append(tail.of(index));
    }
    compilation
        .execution()
        .log()
        .accept(
            "warning: fit: expected a tail with the classes of the rest, received validationSplit="
                + part
                + " with samples to train and to validate of "
                + received
                + (odd.size() > NAMED ? ", and " + (odd.size() - NAMED) + " classes more" : "")
                + ". The labels look sorted: use split(Split.shuffled("
                + part
                + ", seed)) or split(Split.stratified("
                + part
                + ", seed)).");
  }
}
