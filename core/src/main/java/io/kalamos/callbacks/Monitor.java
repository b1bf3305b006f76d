package io.kalamos.callbacks;

import io.kalamos.options.Refusal;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A figure of the logs that a callback follows, and what counts as an improvement of it.
///
/// @param where the callback, for messages
/// @param minDelta by how much a value must be better to count
public record Monitor(String where, String name, Mode mode, double minDelta) {
  private static final List<String> GROWING =
      List.of(
          "acc",
          "auc",
          "precision",
          "recall",
          "f1",
          "fbeta",
          "f_beta",
          "fmeasure",
          "iou",
          "io_u",
          "r2",
          "sensitivity",
          "specificity",
          "correlation",
          "true_positives",
          "true_negatives");
  private static final List<String> SHRINKING =
      List.of(
          "loss",
          "error",
          "crossentropy",
          "mse",
          "mae",
          "rmse",
          "divergence",
          "hinge",
          "logcosh",
          "log_cosh",
          "poisson",
          "false_positives",
          "false_negatives");

  public Monitor {
    Refusal.unlessNotNegative(where, "minDelta", minDelta, "Use 0 where every improvement counts.");
  }

  Monitor monitor(String name) {
    return new Monitor(where, name, mode, minDelta);
  }

  Monitor mode(Mode mode) {
    return new Monitor(where, name, mode, minDelta);
  }

  Monitor minDelta(double minDelta) {
    return new Monitor(where, name, mode, minDelta);
  }

  /// MIN or MAX: as asked for, or as the name tells.
  ///
  /// @throws IllegalArgumentException where the name tells nothing
  public Mode direction() {
    return switch (mode) {
      case MIN, MAX -> mode;
      case AUTO -> {
        if (GROWING.stream().anyMatch(name::contains)) {
          yield Mode.MAX;
        }
        if (SHRINKING.stream().anyMatch(name::contains)) {
          yield Mode.MIN;
        }
        throw Refusal.of(
            where,
            "a mode, as the name does not tell whether less or more is better",
            "monitor",
            name,
            "Add mode(Mode.MIN) or mode(Mode.MAX).");
      }
    };
  }

  /// Whether a value is better than a reference by more than [#minDelta]; NaN never is.
  public boolean better(double value, double reference) {
    return switch (direction()) {
      case MIN -> value + minDelta < reference;
      case MAX -> value - minDelta > reference;
      case AUTO -> throw new IllegalStateException("direction() is never AUTO");
    };
  }

  /// Whether a value is better than the best so far; any number is better than none.
  boolean improves(double value, Optional<Double> best) {
    return best.map(reference -> better(value, reference)).orElse(!Double.isNaN(value));
  }

  /// Whether this epoch lacks the figure because it was not validated.
  boolean rests(TrainingEvent.EpochEnd end) {
    return name.startsWith("val_")
        && !end.logs().containsKey(name)
        && end.training().logNames().contains(name);
  }

  /// The figure's value.
  double of(Map<String, Double> logs) {
    Double value = logs.get(name);
    if (value == null) {
      throw unknown(where, name, logs.keySet());
    }
    return value;
  }

  /// The error for a name that training does not give, with those it gives and the nearest one.
  public static IllegalArgumentException unknown(
      String where, String name, Collection<String> available) {
    String near =
        available.stream()
            .min(Comparator.comparingInt(other -> edits(name, other)))
            .map(other -> "Did you mean " + other + "?")
            .orElse("Compile the model with metrics.");
    boolean needsValidation =
        name.startsWith("val_") && available.stream().noneMatch(n -> n.startsWith("val_"));
    return Refusal.of(
        where,
        "a name out of " + String.join(", ", available),
        "monitor",
        name,
        needsValidation ? "Names with val_ need validation data or a validation split." : near);
  }

  /// How many letters must be changed, added or removed to get from one word to the other.
  private static int edits(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int change = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }
}
