package io.kalamos.callbacks;

import io.kalamos.callbacks.TrainingEvent.EpochBegin;
import io.kalamos.callbacks.TrainingEvent.EpochEnd;
import io.kalamos.callbacks.TrainingEvent.TrainBegin;
import io.kalamos.callbacks.TrainingEvent.TrainEnd;
import io.kalamos.engine.Tensor;
import io.kalamos.models.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;

/// A run whose only weight is the number of the epoch, and whose logs a test makes up.
final class FakeTraining implements Training {
  final int epochs;
  final List<String> names;
  int epoch = -1;
  double rate = 0.1;
  Optional<String> stopped = Optional.empty();
  Optional<Double> restored = Optional.empty();
  final List<Boolean> averages = new ArrayList<>();
  IOException failure;
  final SequencedMap<String, Double> logged = new LinkedHashMap<>();

  FakeTraining(int epochs, String... names) {
    this.epochs = epochs;
    this.names = List.of(names);
  }

  /// Runs epochs until one stops or the rows of figures end; one row for each epoch.
  void run(Callback callback, double[]... rows) {
    callback.on(new TrainBegin(this));
    SequencedMap<String, Double> logs = Collections.emptySortedMap();
    for (double[] row : rows) {
      epoch++;
      logged.clear();
      callback.on(new EpochBegin(this, epoch));
      logs = logs(row);
      callback.on(new EpochEnd(this, epoch, logs));
      if (stopped.isPresent()) {
        break;
      }
    }
    callback.on(new TrainEnd(this, logs, stopped));
  }

  SequencedMap<String, Double> logs(double... values) {
    SequencedMap<String, Double> logs = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      logs.put(names.get(i), values[i]);
    }
    logs.putAll(logged);
    return logs;
  }

  /// The same figure in each epoch, one row for each.
  static double[][] rows(double... values) {
    double[][] rows = new double[values.length][];
    for (int i = 0; i < values.length; i++) {
      rows[i] = new double[] {values[i]};
    }
    return rows;
  }

  @Override
  public Model model() {
    throw new UnsupportedOperationException("no model");
  }

  @Override
  public long iterations() {
    return 469L * (epoch + 1);
  }

  @Override
  public SequencedMap<String, Tensor> gradients() {
    throw new UnsupportedOperationException("no gradients");
  }

  @Override
  public double nextLearningRate() {
    return rate;
  }

  @Override
  public int epochs() {
    return epochs;
  }

  @Override
  public int steps() {
    return 469;
  }

  @Override
  public List<String> logNames() {
    return names;
  }

  @Override
  public List<Tensor> weights() {
    return List.of(Tensor.of(new double[] {epoch}, 1));
  }

  @Override
  public void restore(List<Tensor> weights) {
    restored = Optional.of(weights.getFirst().get(0));
  }

  @Override
  public void showAverages(boolean show) {
    averages.add(show);
  }

  @Override
  public void saveWeights(Path file) throws IOException {
    if (failure != null) {
      throw failure;
    }
    Files.writeString(file, "weights of " + epoch);
  }

  @Override
  public void saveModel(Path file) throws IOException {
    if (failure != null) {
      throw failure;
    }
    Files.writeString(file, "model of " + epoch);
  }

  @Override
  public void backUp(Path file, Path previous) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void resume(Path file, Path previous) {
    throw new UnsupportedOperationException();
  }

  @Override
  public OptionalInt resumedAt() {
    return OptionalInt.empty();
  }

  @Override
  public boolean finished() {
    return true;
  }

  @Override
  public void stop(String reason) {
    stopped = Optional.of(reason);
  }

  @Override
  public double learningRate() {
    return rate;
  }

  @Override
  public void learningRate(double value) {
    rate = value;
  }

  @Override
  public void log(String name, double value) {
    logged.put(name, value);
  }
}
