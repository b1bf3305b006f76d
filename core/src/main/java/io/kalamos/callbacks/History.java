package io.kalamos.callbacks;

import io.kalamos.callbacks.TrainingEvent.BatchEnd;
import io.kalamos.callbacks.TrainingEvent.EpochBegin;
import io.kalamos.callbacks.TrainingEvent.EpochEnd;
import io.kalamos.callbacks.TrainingEvent.TrainBegin;
import io.kalamos.callbacks.TrainingEvent.TrainEnd;
import io.kalamos.engine.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.stream.DoubleStream;

/// All figures of a run by Keras's names, one value for each epoch; what `fit` returns.
public final class History implements Callback {
  private final List<Integer> epochs = new ArrayList<>();
  private final SequencedMap<String, List<Double>> metrics = new LinkedHashMap<>();
  private Optional<String> stopped = Optional.empty();

  public static History of() {
    return new History();
  }

  private History() {}

  /// The epochs that were trained to their end, counted from 0.
  public List<Integer> epochs() {
    return List.copyOf(epochs);
  }

  /// The values by name; an epoch that did not give one holds NaN.
  public SequencedMap<String, List<Double>> metrics() {
    SequencedMap<String, List<Double>> copy = new LinkedHashMap<>();
    metrics.forEach((name, values) -> copy.put(name, List.copyOf(values)));
    return Collections.unmodifiableSequencedMap(copy);
  }

  /// The values of one figure.
  ///
  /// @throws IllegalArgumentException where the run has no such figure
  public List<Double> metric(String name) {
    if (!metrics.containsKey(name)) {
      throw Monitor.unknown("History", name, metrics.keySet());
    }
    return List.copyOf(metrics.get(name));
  }

  /// The epoch with the best value of a figure, the first of equals, counted from 0; empty where no
  /// value is a number. The name tells whether less or more is better.
  public OptionalInt bestEpoch(String name) {
    return bestEpoch(name, Mode.AUTO);
  }

  /// The epoch with the best value of a figure, the first of equals, counted from 0.
  public OptionalInt bestEpoch(String name, Mode mode) {
    Monitor monitor = new Monitor("History", name, mode, 0);
    List<Double> values = metric(name);
    Optional<Double> best = Optional.empty();
    OptionalInt epoch = OptionalInt.empty();
    for (int i = 0; i < values.size(); i++) {
      if (monitor.improves(values.get(i), best)) {
        best = Optional.of(values.get(i));
        epoch = OptionalInt.of(epochs.get(i));
      }
    }
    return epoch;
  }

  /// Why training ended before the last epoch.
  public Optional<String> stopped() {
    return stopped;
  }

  @Override
  public void on(TrainingEvent event) {
    switch (event) {
      case TrainBegin _ -> {
        epochs.clear();
        metrics.clear();
        stopped = Optional.empty();
      }
      case EpochEnd end -> add(end);
      case TrainEnd end -> stopped = end.reason();
      case EpochBegin _, BatchEnd _ -> {}
    }
  }

  @Override
  public SequencedMap<String, Tensor> memory() {
    Memory memory = new Memory();
    memory.put("epochs", epochs.stream().mapToDouble(epoch -> epoch).toArray());
    metrics.forEach(
        (name, values) ->
            memory.put("metric/" + name, values.stream().mapToDouble(value -> value).toArray()));
    return memory.all();
  }

  @Override
  public void remember(SequencedMap<String, Tensor> memory) {
    memory.forEach(
        (name, values) -> {
          if (name.equals("epochs")) {
            values(values).forEach(epoch -> epochs.add(epoch.intValue()));
          } else {
            metrics.put(name.substring(name.indexOf('/') + 1), new ArrayList<>(values(values)));
          }
        });
  }

  private static List<Double> values(Tensor tensor) {
    return DoubleStream.of(tensor.toDoubles(0, (int) tensor.size())).boxed().toList();
  }

  private void add(EpochEnd end) {
    end.logs()
        .keySet()
        .forEach(
            name ->
                metrics.computeIfAbsent(
                    name, _ -> new ArrayList<>(Collections.nCopies(epochs.size(), Double.NaN))));
    metrics.forEach((name, values) -> values.add(end.logs().getOrDefault(name, Double.NaN)));
    epochs.add(end.epoch());
  }
}
