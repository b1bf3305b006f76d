package io.kalamos.models;

import java.util.List;
import java.util.Optional;

/// What a [LearningRateFinder] saw: the loss of each step with its rate, up to where it exploded.
public record RangeTest(List<Point> points) {
  /// @param loss of the step's batch, before the step
  /// @param smoothed the moving mean of the losses, corrected for its begin
  public record Point(double rate, double loss, double smoothed) {}

  public RangeTest {
    points = List.copyOf(points);
  }

  /// The rate at which the smoothed loss falls fastest along the logarithm of the rate, before its
  /// least value; empty where it does not fall.
  public Optional<Double> suggestion() {
    int least = 0;
    for (int i = 1; i < points.size(); i++) {
      least = points.get(i).smoothed < points.get(least).smoothed ? i : least;
    }
    Optional<Double> steepest = Optional.empty();
    double slope = 0;
    for (int i = 1; i < least; i++) {
      double here = (points.get(i + 1).smoothed - points.get(i - 1).smoothed) / 2;
      if (here < slope) {
        slope = here;
        steepest = Optional.of(points.get(i).rate);
      }
    }
    return steepest;
  }
}
