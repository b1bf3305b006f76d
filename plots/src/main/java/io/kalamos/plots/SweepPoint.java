package io.kalamos.plots;

import io.kalamos.options.Refusal;
import java.util.List;

/// A network of a sweep over sizes and what it reached.
///
/// @param label what tells it from the others, such as `16 neurons`
/// @param parameters how many weights it has
/// @param scores its accuracy in each repeat
public record SweepPoint(String label, long parameters, List<Double> scores) {
  public SweepPoint {
    scores = List.copyOf(scores);
    Refusal.unlessAtLeast(
        "SweepPoint " + label, "parameters", parameters, 1, "Give model.countParams().");
    if (scores.isEmpty() || scores.stream().anyMatch(score -> !Double.isFinite(score))) {
      throw Refusal.of(
          "SweepPoint " + label,
          "one score or more, all of them numbers",
          "scores",
          scores,
          "Leave out runs that failed.");
    }
  }

  /// The mean over the repeats.
  public double mean() {
    return scores.stream().mapToDouble(score -> score).average().orElseThrow();
  }

  double least() {
    return scores.stream().mapToDouble(score -> score).min().orElseThrow();
  }

  double most() {
    return scores.stream().mapToDouble(score -> score).max().orElseThrow();
  }
}
