package io.kalamos.models;

import io.kalamos.engine.Program;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Adds up losses and metrics over batches, in double precision, weighted by the batches' sizes.
final class Tally {
  private final List<String> losses;
  private final List<String> metrics;
  private final String[] sumNames;
  private final String[] countNames;
  private final double[] lossSums;
  private final double[] sums;
  private final double[] counts;
  private long samples;
  private double last;

  Tally(Network network, Compilation compilation) {
    losses = Logs.losses(network);
    metrics = Logs.metrics(network, compilation);
    sumNames = metrics.stream().map(StepGraph::sum).toArray(String[]::new);
    countNames = metrics.stream().map(StepGraph::count).toArray(String[]::new);
    lossSums = new double[losses.size()];
    sums = new double[sumNames.length];
    counts = new double[sumNames.length];
  }

  /// Adds the results of a program's last run.
  void add(Program program, int batch) {
    for (int i = 0; i < lossSums.length; i++) {
      double loss = program.output(losses.get(i)).get(0);
      last = i == 0 ? loss : last;
      lossSums[i] += loss * batch;
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] += program.output(sumNames[i]).get(0);
      counts[i] += program.output(countNames[i]).get(0);
    }
    samples += batch;
  }

  /// The loss of the batch that was added last.
  double last() {
    return last;
  }

  /// The means so far, each name behind `prefix`.
  SequencedMap<String, Double> means(String prefix) {
    SequencedMap<String, Double> means = new LinkedHashMap<>();
    for (int i = 0; i < lossSums.length; i++) {
      means.put(prefix + losses.get(i), samples == 0 ? 0 : lossSums[i] / samples);
    }
    for (int i = 0; i < sums.length; i++) {
      means.put(prefix + metrics.get(i), counts[i] == 0 ? 0 : sums[i] / counts[i]);
    }
    return means;
  }
}
