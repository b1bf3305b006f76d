package io.kalamos.schedules;

import io.kalamos.options.Refusal;
import java.util.List;

/// `values[0]` up to and including step `boundaries[0]`, then `values[1]` up to `boundaries[1]`,
/// and so on; Keras's `PiecewiseConstantDecay`.
public record PiecewiseConstantDecay(List<Long> boundaries, List<Double> values)
    implements LearningRateSchedule {
  public PiecewiseConstantDecay {
    boundaries = List.copyOf(boundaries);
    values = List.copyOf(values);
    String where = "PiecewiseConstantDecay";
    if (values.size() != boundaries.size() + 1) {
      throw Refusal.of(
          where,
          "one value more than boundaries=" + boundaries,
          "values",
          values,
          "Give the rate before the first boundary and after each.");
    }
    if (!boundaries.stream().sorted().distinct().toList().equals(boundaries)) {
      throw Refusal.of(
          where, "boundaries that rise", "boundaries", boundaries, "Sort them, each step once.");
    }
    for (double value : values) {
      Refusal.unlessPositive(where, "value", value, "Give learning rates, such as 1e-3.");
    }
  }

  public static PiecewiseConstantDecay of(List<Long> boundaries, List<Double> values) {
    return new PiecewiseConstantDecay(boundaries, values);
  }

  @Override
  public double at(long step) {
    int passed = 0;
    while (passed < boundaries.size() && step > boundaries.get(passed)) {
      passed++;
    }
    return values.get(passed);
  }
}
