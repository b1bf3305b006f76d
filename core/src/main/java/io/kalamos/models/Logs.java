package io.kalamos.models;

import io.kalamos.metrics.Metric;
import java.util.ArrayList;
import java.util.List;

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

  static List<String> metrics(Network network, Compilation compilation) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < network.topology().outputs().size(); i++) {
      for (Metric metric : compilation.metrics()) {
        names.add(metric(network, compilation, i, metric));
      }
    }
    return names;
  }

  /// All names that training gives.
  static List<String> all(Network network, Compilation compilation, boolean validation) {
    List<String> names = new ArrayList<>(losses(network));
    names.addAll(metrics(network, compilation));
    if (validation) {
      List.copyOf(names).forEach(name -> names.add("val_" + name));
    }
    return names;
  }
}
