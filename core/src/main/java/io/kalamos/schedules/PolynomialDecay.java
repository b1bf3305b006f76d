package io.kalamos.schedules;

import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;

/// From the initial rate to `endLearningRate` in `decaySteps`: the part of the way that is left is
/// (1 - step / decaySteps) ^ power; Keras's `PolynomialDecay`.
///
/// @param cycle whether the decay goes on behind its end over 2, 3, ... times `decaySteps`, the
///   rate rising again at each multiple, instead of staying
public record PolynomialDecay(
    double initialLearningRate,
    long decaySteps,
    double endLearningRate,
    double power,
    boolean cycle)
    implements LearningRateSchedule {
  public PolynomialDecay {
    String where = "PolynomialDecay";
    Refusal.unlessPositive(
        where, "initialLearningRate", initialLearningRate, "Start from 1e-3 for Adam.");
    Refusal.unlessAtLeast(
        where,
        "decaySteps",
        decaySteps,
        1,
        "Give the steps of training, epochs * steps per epoch.");
    Refusal.unlessNotNegative(
        where, "endLearningRate", endLearningRate, "Keras's default is 0.0001.");
    Refusal.unlessPositive(where, "power", power, "Use 1 for a straight line.");
  }

  public static PolynomialDecay of(double initialLearningRate, long decaySteps) {
    return new PolynomialDecay(initialLearningRate, decaySteps, 0.0001, 1, false);
  }

  public PolynomialDecay endLearningRate(double rate) {
    return Vary.of(this, "endLearningRate", rate);
  }

  public PolynomialDecay power(double power) {
    return Vary.of(this, "power", power);
  }

  public PolynomialDecay cycle(boolean cycle) {
    return Vary.of(this, "cycle", cycle);
  }

  @Override
  public double at(long step) {
    long length = cycle ? decaySteps * Math.max(1, Math.ceilDiv(step, decaySteps)) : decaySteps;
    double left = 1 - (double) Math.min(step, length) / length;
    return (initialLearningRate - endLearningRate) * Math.pow(left, power) + endLearningRate;
  }
}
