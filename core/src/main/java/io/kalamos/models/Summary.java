package io.kalamos.models;

import io.kalamos.engine.Shape;
import io.kalamos.engine.Variable;
import io.kalamos.layers.Input;
import io.kalamos.layers.Layer;
import io.kalamos.schedules.ConstantRate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// A model as Keras's `summary()` prints it 80 characters wide.
final class Summary {
  private static final List<String> UNITS = List.of("B", "KB", "MB", "GB", "TB");

  private Summary() {}

  static String of(String name, Network network, Compiled compiled) {
    boolean chain = chain(network.topology());
    Table table =
        chain
            ? new Table(List.of(33, 24, 13), 2, "Layer (type)", "Output Shape", "Param #")
            : new Table(
                List.of(21, 17, 11, 18),
                2,
                "Layer (type)",
                "Output Shape",
                "Param #",
                "Connected to");
    Map<String, String> connections = connections(network.topology());
    network
        .topology()
        .layers()
        .forEach(
            (path, layer) -> {
              if (network.topology().sequential() && layer instanceof Input) {
                return;
              }
              List<String> cells = cells(network, path, layer);
              if (!chain) {
                cells.add(connections.getOrDefault(path, "-"));
              }
              table.row(cells);
            });
    return "Model: \"" + name + "\"\n" + table + totals(network, compiled);
  }

  private static List<String> cells(Network network, String path, Layer layer) {
    Shape shape = network.shapes(path).getLast();
    String text = shape.toString().replace(",)", ")");
    return new ArrayList<>(
        List.of(
            path + " (" + layer.kind() + ")",
            text,
            String.format(Locale.ROOT, "%,d", size(network.variables(path)))));
  }

  /// Whether each layer has one input, the one before it.
  private static boolean chain(Topology topology) {
    for (int i = 0; i < topology.steps().size(); i++) {
      List<Topology.Ref> inputs = topology.steps().get(i).inputs();
      if (!inputs.equals(i == 0 ? List.of() : List.of(Topology.Ref.first(i - 1)))) {
        return false;
      }
    }
    return topology.layers().size() == topology.steps().size();
  }

  /// `layer[application][output]` for each input of each layer, as Keras counts them.
  private static Map<String, String> connections(Topology topology) {
    Map<String, Integer> applications = new HashMap<>();
    List<String> values = new ArrayList<>();
    Map<String, String> connections = new HashMap<>();
    for (Topology.Step step : topology.steps()) {
      int application = applications.merge(step.path(), 1, Integer::sum) - 1;
      values.add(step.path() + "[" + application + "]");
      if (!step.inputs().isEmpty()) {
        String from =
            step.inputs().stream()
                .map(ref -> values.get(ref.step()) + "[" + ref.output() + "]")
                .collect(Collectors.joining(", "));
        connections.merge(step.path(), from, (a, b) -> a + ", " + b);
      }
    }
    return connections;
  }

  private static String totals(Network network, Compiled compiled) {
    List<Variable> trainable = new ArrayList<>();
    List<Variable> other = new ArrayList<>();
    for (Variable variable : network.weights().all()) {
      (network.trainable(variable) ? trainable : other).add(variable);
    }
    long parameters = size(trainable) + size(other);
    long bytes = bytes(trainable) + bytes(other);
    String last = "";
    if (compiled != null && compiled.iterations() > 0) {
      boolean constant = compiled.compilation().optimizer().learningRate() instanceof ConstantRate;
      int own = constant ? 2 : 1; // the step's number and the rate
      Collection<Variable> slots = compiled.slots().all();
      long optimizer = size(slots) + own;
      long optimizerBytes = bytes(slots) + own * 4L;
      parameters += optimizer;
      bytes += optimizerBytes;
      last = total("Optimizer params", optimizer, optimizerBytes);
    }
    return total("Total params", parameters, bytes)
        + total("Trainable params", size(trainable), bytes(trainable))
        + total("Non-trainable params", size(other), bytes(other))
        + last;
  }

  private static String total(String what, long count, long bytes) {
    return String.format(Locale.ROOT, " %s: %,d (%s)%n", what, count, readable(bytes));
  }

  private static long size(Collection<Variable> variables) {
    return variables.stream().mapToLong(variable -> variable.value().size()).sum();
  }

  private static long bytes(Collection<Variable> variables) {
    return variables.stream().mapToLong(v -> v.value().size() * v.dtype().bytes()).sum();
  }

  static String readable(long bytes) {
    double amount = bytes;
    int unit = 0;
    while (amount >= 1024 && unit < UNITS.size() - 1) {
      amount /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.2f %s", amount, UNITS.get(unit));
  }
}
