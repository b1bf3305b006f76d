package io.kalamos.models;

import io.kalamos.engine.Shape;
import io.kalamos.engine.Tensor;
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
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A model as Keras's `summary()` prints it.
final class Summary {
  private static final List<String> UNITS = List.of("B", "KB", "MB", "GB", "TB");

  private final SummaryOptions options;
  private final Network network;
  private final boolean chain;
  private final Map<String, String> connections;
  private final Table table;

  Summary(SummaryOptions options, Network network) {
    this.options = options;
    this.network = network;
    this.chain = chain(network.topology());
    this.connections = connections(network.topology());
    List<Table.Column> columns =
        new ArrayList<>(
            List.of(
                new Table.Column("Layer (type)", Table.Side.LEFT, chain ? 0.45 : 0.3),
                new Table.Column("Output Shape", Table.Side.LEFT, chain ? 0.80 : 0.56),
                new Table.Column("Param #", Table.Side.RIGHT, chain ? 1.0 : 0.74)));
    if (!chain) {
      columns.add(new Table.Column("Connected to", Table.Side.LEFT, 1.0));
    }
    if (options.showTrainable()) {
      columns.replaceAll(column -> column.end(column.end() * 0.90));
      columns.add(new Table.Column("Trainable", Table.Side.CENTER, 1.0));
    }
    this.table = new Table(options.lineLength(), columns);
  }

  String of(String name, Compiled compiled) {
    List<String> listed = listed(network.topology());
    for (String path : range(listed)) {
      row(network, path, connections.getOrDefault(path, "-"), 0);
    }
    return "Model: \"" + name + "\"\n" + table + totals(network, compiled);
  }

  /// The layers that Keras lists: a chain's input is none.
  private static List<String> listed(Topology topology) {
    return topology.layers().entrySet().stream()
        .filter(entry -> !(topology.sequential() && entry.getValue() instanceof Input))
        .map(Map.Entry::getKey)
        .toList();
  }

  /// From the first layer that matches to the last, whichever pattern comes first.
  private List<String> range(List<String> names) {
    if (options.layerRange().isEmpty()) {
      return names;
    }
    List<Integer> lower = places(names, options.layerRange().get().getFirst());
    List<Integer> upper = places(names, options.layerRange().get().getLast());
    return lower.getFirst() > upper.getLast()
        ? names.subList(upper.getFirst(), lower.getLast() + 1)
        : names.subList(lower.getFirst(), upper.getLast() + 1);
  }

  private static List<Integer> places(List<String> names, String pattern) {
    Pattern compiled = Pattern.compile(pattern);
    List<Integer> places =
        IntStream.range(0, names.size())
            .filter(i -> compiled.matcher(names.get(i)).lookingAt())
            .boxed()
            .toList();
    if (places.isEmpty()) {
      throw Problems.unknown("summary", "a layer's name", "layerRange", pattern, names);
    }
    return places;
  }

  private void row(Network model, String path, String connected, int level) {
    Layer layer = model.topology().layers().get(path);
    String prefix = level == 0 ? "" : "   ".repeat(level) + "└ ";
    List<Variable> variables = model.variables(path);
    List<String> cells =
        new ArrayList<>(
            List.of(
                prefix + path + " (" + layer.kind() + ")",
                shapes(model.shapes(path).getLast()),
                String.format(Locale.ROOT, "%,d", size(variables))));
    if (!chain) {
      cells.add(connected);
    }
    if (options.showTrainable()) {
      cells.add(variables.isEmpty() ? "-" : model.frozen(path) ? "N" : "Y");
    }
    table.row(cells);
    if (options.expandNested() && layer instanceof Model inner) {
      Network part = inner.network();
      listed(part.topology()).forEach(name -> row(part, name, "-", level + 1));
    }
  }

  private static String shapes(List<Shape> results) {
    String text =
        results.stream()
            .map(shape -> shape.toString().replace(",)", ")"))
            .collect(Collectors.joining(", "));
    return results.size() == 1 ? text : "[" + text + "]";
  }

  /// Whether each layer has one input, the one before it.
  private static boolean chain(Topology topology) {
    for (int i = 0; i < topology.steps().size(); i++) {
      List<Integer> before =
          topology.steps().get(i).inputs().stream().map(Topology.Ref::step).toList();
      if (!before.equals(i == 0 ? List.of() : List.of(i - 1))) {
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
      long optimizer = own;
      long optimizerBytes = own * 4L;
      for (Tensor slot : compiled.slots().values()) {
        optimizer += slot.size();
        optimizerBytes += slot.size() * slot.dtype().bytes();
      }
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
