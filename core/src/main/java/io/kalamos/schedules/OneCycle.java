package io.kalamos.schedules;

import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;

/// Up to `maxLearningRate` and down to almost nothing within one training, both along half cosines
/// (Smith and Topin, 2018): the fastest way to a good accuracy where the number of steps is known.
///
/// @param steps of the whole training; behind them the last rate stays
/// @param rise the part of the steps in which the rate rises
/// @param divFactor maxLearningRate over the first rate
/// @param finalDivFactor the first rate over the last one
public record OneCycle(
    double maxLearningRate, long steps, double rise, double divFactor, double finalDivFactor)
    implements LearningRateSchedule {
  public OneCycle {
    String where = "OneCycle";
    Refusal.unlessPositive(
        where, "maxLearningRate", maxLearningRate, "Take what LearningRateFinder suggests.");
    Refusal.unlessAtLeast(
        where, "steps", steps, 2, "Give the steps of training, epochs * steps per epoch.");
    if (!(rise > 0 && rise < 1)) {
      throw Refusal.of(where, "rise above 0 and below 1", "rise", rise, "0.3 is usual.");
    }
    Refusal.unlessPositive(where, "divFactor", divFactor, "25 is usual.");
    Refusal.unlessPositive(where, "finalDivFactor", finalDivFactor, "1e4 is usual.");
  }

  /// A rise over three tenths of the steps from a 25th, and a fall to a 10,000th of that.
  public static OneCycle of(double maxLearningRate, long steps) {
    return new OneCycle(maxLearningRate, steps, 0.3, 25, 1e4);
  }

  public OneCycle rise(double part) {
    return Vary.of(this, "rise", part);
  }

  public OneCycle divFactor(double factor) {
    return Vary.of(this, "divFactor", factor);
  }

  public OneCycle finalDivFactor(double factor) {
    return Vary.of(this, "finalDivFactor", factor);
  }

  @Override
  public double at(long step) {
    double first = maxLearningRate / divFactor;
    long top = Math.max(1, Math.round(rise * steps));
    if (step < top) {
      return between(first, maxLearningRate, (double) step / top);
    }
    double done = Math.min(1, (double) (step - top) / Math.max(1, steps - 1 - top));
    return between(maxLearningRate, first / finalDivFactor, done);
  }

  /// Half a cosine from one rate to another.
  private static double between(double from, double to, double done) {
    return to + (from - to) * 0.5 * (1 + Math.cos(Math.PI * done));
  }
}
