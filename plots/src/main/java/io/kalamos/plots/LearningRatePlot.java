package io.kalamos.plots;

import io.kalamos.callbacks.LearningRateScheduler;
import io.kalamos.options.Refusal;
import io.kalamos.schedules.LearningRateSchedule;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/// The learning rate over steps or epochs, before anything is trained.
///
/// @param unit `step` or `epoch`
/// @param places where the rates are, ascending
/// @param jumps whether a rate holds up to the next place
record LearningRatePlot(String unit, double[] places, double[] rates, boolean jumps) {
  private static final int MOST_POINTS = 2000;
  private static final double WIDE = 30;

  static LearningRatePlot of(LearningRateSchedule schedule, long steps) {
    Refusal.unlessAtLeast(
        "Plots.learningRate", "steps", steps, 1, "Steps of an epoch times epochs.");
    int points = (int) Math.min(steps, MOST_POINTS);
    long[] places =
        LongStream.range(0, points)
            .map(i -> points == 1 ? 0 : Math.round((double) i * (steps - 1) / (points - 1)))
            .toArray();
    double[] rates =
        LongStream.of(places)
            .mapToDouble(step -> finite(schedule.at(step), "step", step))
            .toArray();
    return new LearningRatePlot(
        "step", LongStream.of(places).asDoubleStream().toArray(), rates, false);
  }

  static LearningRatePlot of(LearningRateScheduler.Schedule schedule, int epochs, double first) {
    Refusal.unlessAtLeast("Plots.learningRate", "epochs", epochs, 1, "Give those of fit.");
    var places = new double[epochs];
    var rates = new double[epochs];
    double rate = first;
    for (int epoch = 0; epoch < epochs; epoch++) {
      rate = finite(schedule.at(epoch, rate), "epoch", epoch);
      places[epoch] = epoch + 1;
      rates[epoch] = rate;
    }
    return new LearningRatePlot("epoch", places, rates, true);
  }

  private static double finite(double rate, String unit, long place) {
    Refusal.unlessNotNegative(
        "Plots.learningRate in " + unit + " " + place,
        "learning rate",
        rate,
        "Check the schedule's formula (it counts from 0).");
    return rate;
  }

  Picture picture() {
    double last = places[places.length - 1];
    var x = jumps ? Axis.linear(unit, 1, Math.max(last, 2)) : Axis.linear(unit, 0, last + 1);
    return Plane.picture(heading(), x, rateAxis(), this::draw);
  }

  private void draw(Plane plane) {
    plane.line(stairs(places, false), stairs(rates, true), Look.TRAIN, CurvePanel.SOLID);
    if (rates.length <= (jumps ? 50 : 1)) {
      for (int i = 0; i < rates.length; i++) {
        plane.dot(places[i], rates[i], 3.5, Look.TRAIN);
      }
    }
  }

  /// Logarithmic where more than a quarter of the rates would lie on the axis.
  private Axis rateAxis() {
    var sorted = rates.clone();
    Arrays.sort(sorted);
    double most = sorted[sorted.length - 1];
    return sorted[0] > 0 && most / sorted[sorted.length / 4] >= WIDE
        ? Axis.logarithmic("learning rate", sorted[0], most)
        : Axis.linear("learning rate", 0, most > 0 ? most * 1.05 : 1);
  }

  /// `Learning rate: 0.001 to 0.0001 over 5,000 steps`, with the peak where it lies between.
  String heading() {
    double most = DoubleStream.of(rates).max().orElseThrow();
    double first = rates[0];
    double last = rates[rates.length - 1];
    var peak = most > first && most > last ? ", at most " + Axis.number(most) : "";
    long count = Math.round(places[places.length - 1]) + (jumps ? 0 : 1);
    return "Learning rate: %s to %s%s, over %s %s%s"
        .formatted(
            Axis.number(first),
            Axis.number(last),
            peak,
            String.format(Locale.ROOT, "%,d", count),
            unit,
            count == 1 ? "" : "s");
  }

  /// Doubles the points, so that a rate holds up to where the next one begins.
  private double[] stairs(double[] values, boolean delayed) {
    if (!jumps) {
      return values;
    }
    var doubled = new double[2 * values.length - 1];
    for (int i = 0; i < doubled.length; i++) {
      doubled[i] = values[(delayed ? i : i + 1) / 2];
    }
    return doubled;
  }
}
