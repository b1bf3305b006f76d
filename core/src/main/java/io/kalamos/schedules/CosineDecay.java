package io.kalamos.schedules;

import io.kalamos.options.Refusal;

/// Half a cosine from the initial rate down to `alpha` of it in `decaySteps`, perhaps after a
/// straight rise to `warmupTarget` (Loshchilov and Hutter, 2017); Keras's `CosineDecay`.
///
/// @param warmupTarget the rate from which the decay starts; without a rise the initial rate
public record CosineDecay(
    double initialLearningRate,
    long decaySteps,
    double alpha,
    double warmupTarget,
    long warmupSteps)
    implements LearningRateSchedule {
  public CosineDecay {
    String where = "CosineDecay";
    Refusal.unlessNotNegative(
        where, "initialLearningRate", initialLearningRate, "Start from 1e-3 for Adam.");
    Refusal.unlessAtLeast(
        where,
        "decaySteps",
        decaySteps,
        1,
        "Give the steps of training, epochs * steps per epoch.");
    Refusal.unlessNotNegative(
        where, "alpha", alpha, "Give the last rate as a part of the first, such as 0.1.");
    Refusal.unlessPositive(
        where, "warmupTarget", warmupTarget, "Give the highest rate, such as 1e-3.");
    Refusal.unlessAtLeast(
        where, "warmupSteps", warmupSteps, 0, "Leave warmup out to start with the decay.");
  }

  public static CosineDecay of(double initialLearningRate, long decaySteps) {
    return new CosineDecay(initialLearningRate, decaySteps, 0, initialLearningRate, 0);
  }

  /// The last rate as a part of the first.
  public CosineDecay alpha(double alpha) {
    return new CosineDecay(initialLearningRate, decaySteps, alpha, warmupTarget, warmupSteps);
  }

  /// Before the decay the rate rises for `steps` from the initial rate to `target`.
  public CosineDecay warmup(double target, long steps) {
    return new CosineDecay(initialLearningRate, decaySteps, alpha, target, steps);
  }

  @Override
  public double at(long step) {
    if (step < warmupSteps) {
      double done = (double) step / warmupSteps;
      return initialLearningRate + (warmupTarget - initialLearningRate) * done;
    }
    double done = Math.min(1, (double) (step - warmupSteps) / decaySteps);
    double cosine = 0.5 * (1 + Math.cos(Math.PI * done));
    return warmupTarget * ((1 - alpha) * cosine + alpha);
  }
}
