package io.kalamos.plots;

import io.kalamos.options.Refusal;
import java.awt.BasicStroke;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.DoubleStream;

/// Accuracy over the number of parameters: the mean of each network's repeats, bars from the worst
/// to the best of them, and for each target the smallest network whose mean reaches it.
record SweepPlot(List<SweepPoint> points, double[] targets) {
  private static final BasicStroke TARGET =
      new BasicStroke(
          1.4f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, new float[] {6, 4}, 0);

  static SweepPlot of(List<SweepPoint> points, double... targets) {
    if (points.isEmpty()) {
      throw Refusal.of(
          "Plots.sweep", "one point or more", "points", points, "Train before drawing.");
    }
    for (double target : targets) {
      Refusal.unlessFinite("Plots.sweep", "target", target, "Such as 0.95.");
    }
    var sorted = new ArrayList<>(points);
    sorted.sort(Comparator.comparingLong(SweepPoint::parameters));
    return new SweepPlot(List.copyOf(sorted), DoubleStream.of(targets).sorted().toArray());
  }

  /// The smallest network whose mean reaches a target.
  Optional<SweepPoint> smallest(double target) {
    return points.stream().filter(point -> point.mean() >= target).findFirst();
  }

  Picture picture() {
    double margin = Math.max((highest() - lowest()) * 0.05, 1e-3);
    return Plane.picture(
        heading(),
        Axis.logarithmic(
            "parameters",
            points.getFirst().parameters() / 1.3,
            points.getLast().parameters() * 1.3),
        Axis.linear("accuracy", lowest() - margin, highest() + margin),
        this::draw);
  }

  private String heading() {
    int most = points.stream().mapToInt(point -> point.scores().size()).max().orElseThrow();
    return most == 1
        ? "Accuracy by number of parameters"
        : "Accuracy by number of parameters: mean, worst and best of " + most + " runs";
  }

  private double lowest() {
    return DoubleStream.concat(
            points.stream().mapToDouble(SweepPoint::least), DoubleStream.of(targets))
        .min()
        .orElseThrow();
  }

  private double highest() {
    return DoubleStream.concat(
            points.stream().mapToDouble(SweepPoint::most), DoubleStream.of(targets))
        .max()
        .orElseThrow();
  }

  private void draw(Plane plane) {
    for (double target : targets) {
      plane.horizontal(target, Look.BEST, TARGET);
    }
    double[] parameters = points.stream().mapToDouble(SweepPoint::parameters).toArray();
    double[] means = points.stream().mapToDouble(SweepPoint::mean).toArray();
    plane.line(parameters, means, Look.TRAIN, CurvePanel.SOLID);
    for (var point : points) {
      plane.bar(point.parameters(), point.least(), point.most(), Look.TEXT);
      plane.dot(point.parameters(), point.mean(), 4, Look.TRAIN);
    }
    for (int i = 0; i < targets.length; i++) {
      var reached = smallest(targets[i]);
      reached.ifPresent(point -> plane.dot(point.parameters(), point.mean(), 6, Look.VALIDATION));
      plane.note(targets.length - i, note(targets[i], reached));
    }
  }

  private static String note(double target, Optional<SweepPoint> reached) {
    return reached
        .map(
            point ->
                String.format(
                    Locale.ROOT,
                    "%s is reached by %s, %,d parameters",
                    Axis.number(target),
                    point.label(),
                    point.parameters()))
        .orElse(Axis.number(target) + " is not reached");
  }
}
