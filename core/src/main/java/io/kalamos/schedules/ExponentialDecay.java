package io.kalamos.schedules;

import io.kalamos.options.Refusal;

/// initialLearningRate * decayRate ^ (step / decaySteps); Keras's `ExponentialDecay`.
public record ExponentialDecay(
    double initialLearningRate, long decaySteps, double decayRate, boolean staircase)
    implements LearningRateSchedule {
  public ExponentialDecay {
    String where = "ExponentialDecay";
    Refusal.unlessPositive(
        where, "initialLearningRate", initialLearningRate, "Start from 1e-3 for Adam.");
    Refusal.unlessAtLeast(
        where, "decaySteps", decaySteps, 1, "Give the steps after which decayRate applies once.");
    Refusal.unlessPositive(
        where, "decayRate", decayRate, "Use a factor such as 0.96 for every decaySteps.");
  }

  public static ExponentialDecay of(double initialLearningRate, long decaySteps, double decayRate) {
    return new ExponentialDecay(initialLearningRate, decaySteps, decayRate, false);
  }

  /// Whether the rate changes at whole multiples of `decaySteps` only.
  public ExponentialDecay staircase(boolean staircase) {
    return new ExponentialDecay(initialLearningRate, decaySteps, decayRate, staircase);
  }

  @Override
  public double at(long step) {
    double done = (double) step / decaySteps;
    return initialLearningRate * Math.pow(decayRate, staircase ? Math.floor(done) : done);
  }
}
