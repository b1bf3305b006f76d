package io.kalamos.schedules;

import io.kalamos.options.Refusal;
import java.util.Objects;

/// A straight rise from `initialLearningRate` over `steps` in front of another schedule, which
/// begins behind it with its own step 0.
public record Warmup(LearningRateSchedule schedule, long steps, double initialLearningRate)
    implements LearningRateSchedule {
  public Warmup {
    Objects.requireNonNull(schedule);
    Refusal.unlessAtLeast("Warmup", "steps", steps, 1, "Some hundreds are usual.");
    Refusal.unlessNotNegative(
        "Warmup", "initialLearningRate", initialLearningRate, "Use 0 to rise from nothing.");
  }

  /// A rise from 0.
  public static Warmup of(LearningRateSchedule schedule, long steps) {
    return new Warmup(schedule, steps, 0);
  }

  /// A rise from 0 to a rate that stays.
  public static Warmup of(double learningRate, long steps) {
    return of(LearningRateSchedule.constant(learningRate), steps);
  }

  public Warmup initialLearningRate(double rate) {
    return new Warmup(schedule, steps, rate);
  }

  @Override
  public double at(long step) {
    if (step >= steps) {
      return schedule.at(step - steps);
    }
    double top = schedule.at(0);
    return initialLearningRate + (top - initialLearningRate) * step / steps;
  }
}
