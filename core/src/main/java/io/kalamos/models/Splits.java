package io.kalamos.models;

import io.kalamos.data.ClassCounts;
import io.kalamos.data.Samples;
import io.kalamos.data.Split;
import io.kalamos.losses.Loss;
import io.kalamos.losses.TargetKind;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Whether a tail that is kept for validation has the classes of the rest.
final class Splits {
  private static final int NAMED = 8;
  private static final Set<TargetKind> CLASSES =
      EnumSet.of(TargetKind.CLASS_INDEX, TargetKind.ONE_HOT);

  private Splits() {}

  /// Warns where classes of the tail are missing in training, or far more frequent than there.
  static void check(
      Compilation compilation, Goals goals, Samples samples, Split split, Split.Rows rows) {
    if (!(split instanceof Split.Tail)) {
      return;
    }
    for (int i = 0; i < samples.y().size(); i++) {
      Optional<TargetKind> kind = goals.losses().get(goals.targets().get(i)).map(Loss::target);
      if (kind.filter(CLASSES::contains).isPresent()) {
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
