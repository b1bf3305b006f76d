package io.kalamos.schedules;

import io.kalamos.options.Refusal;

/// The same learning rate at each step; callbacks may set another.
public record ConstantRate(double rate) implements LearningRateSchedule {
  public ConstantRate {
    Refusal.unlessPositive(
        "optimizer", "learning rate", rate, "Start from 1e-3 for Adam or 1e-2 for SGD.");
  }

  @Override
  public double at(long step) {
    return rate;
  }
}
