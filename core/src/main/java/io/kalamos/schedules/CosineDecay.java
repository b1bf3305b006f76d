package io.kalamos.schedules;

import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.Optional;

/// Half a cosine from the initial rate down to `alpha` of it in `decaySteps`, perhaps after a
/// straight rise to `warmupTarget` (Loshchilov and Hutter, 2017); Keras's `CosineDecay`.
///
/// @param warmupTarget the rate from which the decay then starts; without it there is no rise
public record CosineDecay(
    double initialLearningRate,
    long decaySteps,
    double alpha,
    Optional<Double> warmupTarget,
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
    warmupTarget.ifPresent(
        target ->
            Refusal.unlessPositive(
                where, "warmupTarget", target, "Give the highest rate, such as 1e-3."));
    Refusal.unlessAtLeast(
        where, "warmupSteps", warmupSteps, 0, "Leave warmup out to start with the decay.");
  }

  public static CosineDecay of(double initialLearningRate, long decaySteps) {
    return new CosineDecay(initialLearningRate, decaySteps, 0, Optional.empty(), 0);
  }

  /// The last rate as a part of the first.
  public CosineDecay alpha(double alpha) {
    return Vary.of(this, "alpha", alpha);
  }

  /// Before the decay the rate rises for `steps` from the initial rate to `target`.
  public CosineDecay warmup(double target, long steps) {
    return new CosineDecay(initialLearningRate, decaySteps, alpha, Optional.of(target), steps);
  }

  @Override
  public double at(long step) {
    if (warmupTarget.isEmpty()) {
      return decayed(initialLearningRate, step);
    }
    double target = warmupTarget.get();
    if (step < warmupSteps) {
      double done = (double) step / warmupSteps;
      return initialLearningRate + (target - initialLearningRate) * done;
    }
    return decayed(target, step - warmupSteps);
  }

  private double decayed(double from, long step) {
    double cosine = 0.5 * (1 + Math.cos(Math.PI * Math.min(1, (double) step / decaySteps)));
    return from * ((1 - alpha) * cosine + alpha);
  }
}
