package io.kalamos.schedules;

import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;

/// initialLearningRate / (1 + decayRate * step / decaySteps); Keras's `InverseTimeDecay`.
public record InverseTimeDecay(
    double initialLearningRate, long decaySteps, double decayRate, boolean staircase)
    implements LearningRateSchedule {
  public InverseTimeDecay {
    String where = "InverseTimeDecay";
    Refusal.unlessPositive(
        where, "initialLearningRate", initialLearningRate, "Start from 1e-3 for Adam.");
    Refusal.unlessAtLeast(
        where, "decaySteps", decaySteps, 1, "Give the steps after which decayRate applies once.");
    Refusal.unlessNotNegative(
        where, "decayRate", decayRate, "Use a number such as 0.5 for every decaySteps.");
  }

  public static InverseTimeDecay of(double initialLearningRate, long decaySteps, double decayRate) {
    return new InverseTimeDecay(initialLearningRate, decaySteps, decayRate, false);
  }

  /// Whether the rate changes at whole multiples of `decaySteps` only.
  public InverseTimeDecay staircase(boolean staircase) {
    return Vary.of(this, "staircase", staircase);
  }

  @Override
  public double at(long step) {
    double done = (double) step / decaySteps;
    return initialLearningRate / (1 + decayRate * (staircase ? Math.floor(done) : done));
  }
}
