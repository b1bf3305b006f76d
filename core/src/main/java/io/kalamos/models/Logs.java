package io.kalamos.models;

import io.kalamos.metrics.Metric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// The names of figures, as Keras has them.
final class Logs {
  private Logs() {}

  /// Names whose values are means over samples: the loss and its parts.
  static List<String> losses(Goals goals) {
    List<String> names = new ArrayList<>(List.of(StepGraph.LOSS));
    for (int i = 0; goals.several() && i < goals.outputs().size(); i++) {
      if (goals.losses().get(i).isPresent()) {
        names.add(goals.lossName(i));
      }
    }
    goals.own().ifPresent(names::addAll);
    return names;
  }

  /// All metrics at all outputs, by their names in logs.
  static SequencedMap<String, Metric> metrics(Goals goals) {
    SequencedMap<String, Metric> metrics = new LinkedHashMap<>();
    goals.watched().forEach(watched -> metrics.put(watched.name(), watched.metric()));
    return metrics;
  }

  /// All names that training gives.
  static List<String> all(Network network, Compilation compilation, boolean validation) {
    Goals goals = Goals.of(network, compilation);
    List<String> names = new ArrayList<>(losses(goals));
    metrics(goals)
        .forEach(
            (name, metric) -> {
              if (metric.single()) {
                names.add(name);
              }
            });
    if (validation) {
      List.copyOf(names).forEach(name -> names.add("val_" + name));
    }
    return names;
  }
}
