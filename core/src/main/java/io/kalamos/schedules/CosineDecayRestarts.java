package io.kalamos.schedules;

import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;

/// Half cosines one behind the other: the first is `firstDecaySteps` long, each next one `tMul`
/// times as long and `mMul` times as high (Loshchilov and Hutter, 2017); Keras's
/// `CosineDecayRestarts`.
///
/// @param alpha the lowest rate as a part of the initial one
public record CosineDecayRestarts(
    double initialLearningRate, long firstDecaySteps, double tMul, double mMul, double alpha)
    implements LearningRateSchedule {
  public CosineDecayRestarts {
    String where = "CosineDecayRestarts";
    Refusal.unlessPositive(
        where, "initialLearningRate", initialLearningRate, "Start from 1e-3 for Adam.");
    Refusal.unlessAtLeast(
        where, "firstDecaySteps", firstDecaySteps, 1, "Give the steps of the first decay.");
    if (!(tMul >= 1) || Double.isInfinite(tMul)) {
      throw Refusal.of(where, "a finite tMul of 1 or more", "tMul", tMul, "Keras's default is 2.");
    }
    Refusal.unlessPositive(where, "mMul", mMul, "Keras's default is 1.");
    Refusal.unlessNotNegative(
        where, "alpha", alpha, "Give the lowest rate as a part of the first, such as 0.1.");
  }

  public static CosineDecayRestarts of(double initialLearningRate, long firstDecaySteps) {
    return new CosineDecayRestarts(initialLearningRate, firstDecaySteps, 2, 1, 0);
  }

  public CosineDecayRestarts tMul(double tMul) {
    return Vary.of(this, "tMul", tMul);
  }

  public CosineDecayRestarts mMul(double mMul) {
    return Vary.of(this, "mMul", mMul);
  }

  public CosineDecayRestarts alpha(double alpha) {
    return Vary.of(this, "alpha", alpha);
  }

  @Override
  public double at(long step) {
    double length = firstDecaySteps;
    double begin = 0;
    double height = 1;
    if (tMul == 1) {
      long restarts = step / firstDecaySteps;
      begin = (double) restarts * firstDecaySteps;
      height = Math.pow(mMul, restarts);
    } else {
      while (step >= begin + length) {
        begin += length;
        length *= tMul;
        height *= mMul;
      }
    }
    double cosine = 0.5 * height * (1 + Math.cos(Math.PI * (step - begin) / length));
    return initialLearningRate * ((1 - alpha) * cosine + alpha);
  }
}
