package io.kalamos.models;

import io.kalamos.metrics.Metric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// The names of figures, as Keras has them.
final class Logs {
  private Logs() {}

  /// The name of one output's loss where there are several.
  static String loss(Network network, int output) {
    return network.outputName(output) + "_loss";
  }

  /// The name of a metric at one output; equal names are numbered.
  static String metric(Network network, Compilation compilation, int output, Metric metric) {
    int before = 0;
    for (Metric other : compilation.metrics()) {
      if (other == metric) {
        break;
      }
      before += other.name().equals(metric.name()) ? 1 : 0;
    }
    String name = metric.name() + (before == 0 ? "" : "_" + before);
    boolean several = network.topology().outputs().size() > 1;
    return several ? network.outputName(output) + "_" + name : name;
  }

  /// Names whose values are means over samples: the loss and its parts.
  static List<String> losses(Network network) {
    List<String> names = new ArrayList<>(List.of(StepGraph.LOSS));
    int outputs = network.topology().outputs().size();
    for (int i = 0; outputs > 1 && i < outputs; i++) {
      names.add(loss(network, i));
    }
    return names;
  }

  /// All metrics at all outputs, by their names in logs.
  static SequencedMap<String, Metric> metrics(Network network, Compilation compilation) {
    SequencedMap<String, Metric> metrics = new LinkedHashMap<>();
    for (int i = 0; i < network.topology().outputs().size(); i++) {
      for (Metric metric : compilation.metrics()) {
        metrics.put(metric(network, compilation, i, metric), metric);
      }
    }
    return metrics;
  }

  /// All names that training gives.
  static List<String> all(Network network, Compilation compilation, boolean validation) {
    List<String> names = new ArrayList<>(losses(network));
    metrics(network, compilation)
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
