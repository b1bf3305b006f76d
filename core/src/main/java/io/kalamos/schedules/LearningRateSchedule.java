package io.kalamos.schedules;

/// The learning rate as a function of the steps already done: `at(0)` is for the first step.
@FunctionalInterface
public interface LearningRateSchedule {
  double at(long step);

  /// The same rate at each step.
  static LearningRateSchedule constant(double rate) {
    return new ConstantRate(rate);
  }
}
