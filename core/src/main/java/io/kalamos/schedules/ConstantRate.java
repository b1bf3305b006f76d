package io.kalamos.schedules;

/// The same learning rate at each step; callbacks may set another.
public record ConstantRate(double rate) implements LearningRateSchedule {
  public ConstantRate {
    Rates.check("learning rate", rate);
  }

  @Override
  public double at(long step) {
    return rate;
  }
}
