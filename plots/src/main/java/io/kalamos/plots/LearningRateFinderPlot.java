package io.kalamos.plots;

import io.kalamos.options.Refusal;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/// The loss over a growing learning rate, with the rate that is suggested. Losses beyond the first
/// third above what they began with are cut off: they only say that training had exploded.
record LearningRateFinderPlot(double[] rates, double[] losses, double suggested) {
  static LearningRateFinderPlot of(List<Double> rates, List<Double> losses, double suggested) {
    if (rates.size() != losses.size()) {
      throw Refusal.of(
          "Plots.learningRateFinder",
          "a loss for each of " + rates.size() + " rates",
          "losses",
          losses.size(),
          "Give as many as there are rates.");
    }
    rates.forEach(
        rate ->
            Refusal.unlessPositive(
                "Plots.learningRateFinder", "rate", rate, "The axis of the rates is logarithmic."));
    Refusal.unlessPositive(
        "Plots.learningRateFinder", "suggested", suggested, "Give the rate to mark.");
    int[] finite =
        IntStream.range(0, rates.size()).filter(i -> Double.isFinite(losses.get(i))).toArray();
    if (finite.length < 2) {
      throw Refusal.of(
          "Plots.learningRateFinder",
          "two losses or more that are numbers",
          "losses",
          losses,
          "Begin at a smaller rate.");
    }
    return new LearningRateFinderPlot(
        IntStream.of(finite).mapToDouble(rates::get).toArray(),
        IntStream.of(finite).mapToDouble(losses::get).toArray(),
        suggested);
  }

  Picture picture() {
    double least = DoubleStream.of(losses).min().orElseThrow();
    double most = DoubleStream.of(losses).max().orElseThrow();
    double upper = Math.min(most, losses[0] + (losses[0] - least) / 3);
    double margin = (upper - least) * 0.06;
    var range =
        DoubleStream.concat(DoubleStream.of(rates), DoubleStream.of(suggested)).summaryStatistics();
    return Plane.picture(
        "Suggested learning rate: " + Axis.number(suggested),
        Axis.logarithmic("learning rate", range.getMin(), range.getMax()),
        Axis.linear("loss", least - margin, upper + margin),
        this::draw);
  }

  private void draw(Plane plane) {
    plane.vertical(suggested, Look.VALIDATION, CurvePanel.DASHED);
    plane.line(rates, losses, Look.TRAIN, CurvePanel.SOLID);
    plane.dot(suggested, lossAt(suggested), 5, Look.VALIDATION);
  }

  /// The loss at a rate, between its neighbours.
  private double lossAt(double rate) {
    for (int i = 1; i < rates.length; i++) {
      if (rate >= rates[i - 1] && rate <= rates[i]) {
        double span = Math.log(rates[i] / rates[i - 1]);
        double part = span == 0 ? 0 : Math.log(rate / rates[i - 1]) / span;
        return losses[i - 1] + part * (losses[i] - losses[i - 1]);
      }
    }
    return rate < rates[0] ? losses[0] : losses[losses.length - 1];
  }
}
