package io.kalamos.models;

import io.kalamos.data.Samples;
import io.kalamos.options.Refusal;
import io.kalamos.options.Vary;
import java.util.ArrayList;
import java.util.List;

/// Looks for a good learning rate before training: the range test (Smith, 2017). Some steps are
/// done with a rate that grows by the same factor each time, and where the loss falls fastest is a
/// good rate. The model is afterwards what it was before, to the bit.
///
/// @param from the first rate
/// @param to the last rate, where the loss does not explode before
/// @param smoothing the part of the moving mean of the losses that stays at each step
/// @param divergenceFactor the test ends where the smoothed loss is so many times the least one
public record LearningRateFinder(
    double from, double to, int steps, int batchSize, double smoothing, double divergenceFactor) {
  public LearningRateFinder {
    String where = "LearningRateFinder";
    Refusal.unlessPositive(where, "from", from, "1e-7 is usual.");
    Refusal.unlessPositive(where, "to", to, "10 is usual.");
    if (to <= from) {
      throw Refusal.of(where, "a rate to above from=" + from, "to", to, "Swap them.");
    }
    Refusal.unlessAtLeast(where, "steps", steps, 3, "100 is usual.");
    Refusal.unlessAtLeast(where, "batchSize", batchSize, 1, "Take that of the training.");
    Refusal.unlessBelowOne(where, "smoothing", smoothing, "0.95 is usual, 0 is none.");
    if (!(divergenceFactor > 1)) {
      throw Refusal.of(
          where, "a divergenceFactor above 1", "divergenceFactor", divergenceFactor, "4 is usual.");
    }
  }

  /// From 1e-7 to 10 in 100 steps of 32 samples.
  public static LearningRateFinder of() {
    return new LearningRateFinder(1e-7, 10, 100, 32, 0.95, 4);
  }

  public LearningRateFinder from(double rate) {
    return Vary.of(this, "from", rate);
  }

  public LearningRateFinder to(double rate) {
    return Vary.of(this, "to", rate);
  }

  public LearningRateFinder steps(int steps) {
    return Vary.of(this, "steps", steps);
  }

  public LearningRateFinder batchSize(int samples) {
    return Vary.of(this, "batchSize", samples);
  }

  public LearningRateFinder smoothing(double stays) {
    return Vary.of(this, "smoothing", stays);
  }

  public LearningRateFinder divergenceFactor(double factor) {
    return Vary.of(this, "divergenceFactor", factor);
  }

  /// Runs the test on a compiled model, over shuffled samples, again from their begin where they
  /// end.
  public RangeTest run(Model model, Samples samples) {
    synchronized (model) {
      Compiled compiled = model.compiled("LearningRateFinder");
      Network network = model.network();
      Samples fitting =
          Checks.samples("LearningRateFinder", network, compiled.compilation(), samples);
      Snapshot before = new Snapshot(network, compiled);
      before.take();
      RowBatches rows = new RowBatches(fitting, batchSize, true, compiled.seed());
      try {
        return new RangeTest(points(compiled, rows));
      } finally {
        before.restore();
      }
    }
  }

  private List<RangeTest.Point> points(Compiled compiled, RowBatches rows) {
    List<RangeTest.Point> points = new ArrayList<>();
    double mean = 0;
    double least = Double.POSITIVE_INFINITY;
    int pass = 0;
    rows.open(pass, 0);
    for (int step = 0; step < steps; step++) {
      if (!rows.next()) {
        rows.open(++pass, 0);
        rows.next();
      }
      double rate = from * Math.pow(to / from, (double) step / (steps - 1));
      double loss = compiled.step(rows, rate).program().output(StepGraph.LOSS).get(0);
      mean = smoothing * mean + (1 - smoothing) * loss;
      double smoothed = mean / (1 - Math.pow(smoothing, step + 1));
      if (!Double.isFinite(smoothed) || smoothed > divergenceFactor * least) {
        break;
      }
      least = Math.min(least, smoothed);
      points.add(new RangeTest.Point(rate, loss, smoothed));
    }
    return points;
  }
}
