package io.kalamos.models;

import io.kalamos.engine.Tensor;
import io.kalamos.metrics.Metric;
import io.kalamos.metrics.Totals;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;

/// Adds up losses and metrics over batches, in double precision; losses are weighted by the
/// batches' sizes.
final class Tally {
  /// A metric at an output, under the name that logs have.
  private record Figure(String name, Metric metric, Totals totals) {}

  /// An output of programs that adds to a metric's accumulator.
  private record Part(String output, Totals totals, String accumulator) {}

  private final List<String> losses;
  private final List<Figure> figures = new ArrayList<>();
  private final double[] lossSums;
  private List<Part> parts = List.of();
  private long samples;
  private double last;

  Tally(Network network, Compilation compilation) {
    Goals goals = Goals.of(network, compilation);
    losses = Logs.losses(goals);
    Logs.metrics(goals)
        .forEach((name, metric) -> figures.add(new Figure(name, metric, new Totals(metric))));
    lossSums = new double[losses.size()];
  }

  /// Adds the results of a program's last run.
  void add(Programs.Compiled run, int batch) {
    add(run.graph().outputs().keySet(), run.program()::output, batch);
  }

  /// Adds results that were copied from a program.
  void add(Map<String, Tensor> results, int batch) {
    add(results.keySet(), results::get, batch);
  }

  private void add(Set<String> names, Function<String, Tensor> results, int batch) {
    if (samples == 0) {
      parts = parts(names);
    }
    for (int i = 0; i < lossSums.length; i++) {
      double loss = results.apply(losses.get(i)).get(0);
      last = i == 0 ? loss : last;
      lossSums[i] += loss * batch;
    }
    for (Part part : parts) {
      part.totals.add(part.accumulator, results.apply(part.output));
    }
    samples += batch;
  }

  private List<Part> parts(Set<String> results) {
    List<Part> found = new ArrayList<>();
    for (Figure figure : figures) {
      for (String output : results) {
        int cut = output.lastIndexOf('/');
        if (cut >= 0 && output.substring(0, cut).equals(figure.name)) {
          found.add(new Part(output, figure.totals, output.substring(cut + 1)));
        }
      }
    }
    return found;
  }

  /// The loss of the batch that was added last.
  double last() {
    return last;
  }

  /// The means so far, and metrics that are single numbers, each name behind `prefix`.
  SequencedMap<String, Double> means(String prefix) {
    SequencedMap<String, Double> means = new LinkedHashMap<>();
    for (int i = 0; i < lossSums.length; i++) {
      means.put(prefix + losses.get(i), samples == 0 ? 0 : lossSums[i] / samples);
    }
    for (Figure figure : figures) {
      if (figure.metric.single()) {
        means.put(prefix + figure.name, figure.totals.value());
      }
    }
    return means;
  }

  /// Everything so far, with metrics that are more than a single number.
  Scores scores() {
    SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    for (Figure figure : figures) {
      tensors.put(figure.name, figure.totals.result());
    }
    return new Scores(means(""), tensors);
  }
}
